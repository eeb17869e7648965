import Foundation
import InputErrors
import Registration
import Synchronization
import Tensors

/// Keys to look for, with one reader for all keys of a family: each further key of a family costs its dot product. Keys that
/// were given one by one come first, then those of banks, each bank's pilot after its keys.
public final class KeySet: Sendable {
    /// The keys that were given one by one, in their order.
    public let keys: [any MarkKey]
    /// The banks.
    public let banks: [any KeyBank]
    /// The latents that they fit.
    public let latentShape: LatentShape
    /// How many keys are looked for, pilots included: what p-values are multiplied by.
    public let count: Int

    private let families: [Family]
    /// The place of each single key's family.
    private let places: [Int]
    private let openBanks: [OpenBank]
    private let sensitivities = Mutex<[Sensitivity: Double]>([:])

    private struct Family: Sendable {
        let reader: any MarkReader
        let search: (any MarkSearch)?
        let members: [(key: Int, numbers: [Double])]
    }

    private struct Sensitivity: Hashable {
        let key: Int
        let signalToNoise: Double
    }

    /// Derives the keys' numbers and makes a reader for each family, once for all images.
    /// - Parameters:
    ///   - keys: all of one latent shape.
    ///   - banks: of the same; at least one key or bank.
    ///   - extent: how far moved pictures are searched for.
    public init(_ keys: [any MarkKey], banks: [any KeyBank] = [], searching extent: SearchExtent = .none) {
        let shapes = keys.map(\.latentShape) + banks.map(\.latentShape)
        guard let shape = shapes.first else { preconditionFailure("a set of \(shapes.count) keys") }
        precondition(shapes.allSatisfy { $0 == shape }, "keys of several latent shapes, \(shape) first")
        self.keys = keys
        self.banks = banks
        latentShape = shape
        var order: [KeyFamily: Int] = [:]
        var members: [[Int]] = []
        places = keys.indices.map { index in
            let place = order[keys[index].family] ?? members.count
            if place == members.count {
                order[keys[index].family] = place
                members.append([])
            }
            members[place].append(index)
            return place
        }
        families = members.map { members in
            let reader = keys[members[0]].makeReader()
            let isRandom = members.contains { keys[$0].isRandom }
            return Family(
                reader: reader, search: isRandom && extent != .none ? reader.makeSearch(extent) : nil,
                members: members.map { ($0, keys[$0].isRandom ? keys[$0].numbers : []) })
        }
        var next = keys.count
        openBanks = banks.map { bank in
            let open = OpenBank(bank, first: next, searching: extent)
            next = open.places.upperBound
            return open
        }
        count = next
    }

    /// The set of keys that have to fit a model's latents.
    /// - Throws: `InputError` naming the first key or bank that does not.
    public convenience init(
        _ keys: [any MarkKey], banks: [any KeyBank] = [], for latentShape: LatentShape,
        searching extent: SearchExtent = .none
    ) throws {
        func require(_ shape: LatentShape, _ name: String, _ kind: String) throws {
            guard shape != latentShape else { return }
            throw InputError(
                "\(kind) \(name)", expected: "a \(kind) for the model's latents, \(latentShape)", found: "\(shape)",
                as: .keyMismatch)
        }
        for key in keys { try require(key.latentShape, key.identity.name, "key") }
        for bank in banks { try require(bank.latentShape, bank.identity.name, "key ring") }
        self.init(keys, banks: banks, searching: extent)
    }

    // MARK: - One key

    /// A key; of a bank its own numbers, or the pilot.
    /// - Parameter key: its place.
    public subscript(key: Int) -> any MarkKey { bank(of: key)?.key(key) ?? keys[key] }

    /// The public side of a key.
    /// - Parameter key: its place.
    public func identity(of key: Int) -> KeyIdentity { bank(of: key)?.identity(key) ?? keys[key].identity }

    /// The reader that serves a key.
    /// - Parameter key: its place.
    public func reader(of key: Int) -> any MarkReader { bank(of: key)?.reader(of: key) ?? families[places[key]].reader }

    /// Whether a key is a bank's pilot, which names no key of it.
    /// - Parameter key: its place.
    public func isPilot(_ key: Int) -> Bool { bank(of: key)?.pilotPlace == key }

    /// The key that tells of the absence of a key and all that have as many numbers as it: of a bank the first one.
    /// - Parameter key: its place.
    public func representative(of key: Int) -> Int { isPilot(key) ? key : bank(of: key)?.places.lowerBound ?? key }

    /// Who is absent where the representative of a key is: the bank, or the key itself.
    /// - Parameter key: its place.
    public func absentee(of key: Int) -> KeyIdentity { bank(of: key)?.bank.identity ?? keys[key].identity }

    /// When a key was revoked, ISO 8601 in UTC; nil for one that was not.
    /// - Parameter key: its place.
    public func revocation(of key: Int) -> String? {
        let identity = identity(of: key)
        return banks.lazy.compactMap { $0.revocation(of: identity) }.first
    }

    /// Whether a key is looked for in moved pictures.
    /// - Parameter key: its place.
    public func isSearched(_ key: Int) -> Bool {
        if let bank = bank(of: key) { return bank.search != nil }
        return families[places[key]].search != nil && keys[key].isRandom
    }

    /// Whether any is.
    public var isSearched: Bool {
        keys.indices.contains(where: isSearched) || openBanks.contains { $0.search != nil }
    }

    /// What of noise no key of a key's family has numbers in, and of a bank its pilot neither.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - key: its place.
    ///   - isEvened: as `MarkReader.free` has it.
    public func free(_ noise: Tensor, besides key: Int, isEvened: Bool) -> FreeNoise? {
        guard let bank = bank(of: key) else { return reader(of: key).free(noise, isEvened: isEvened) }
        return bank.free(noise, isEvened: isEvened)
    }

    /// Whether any key leaves some of noise free.
    /// - Parameter noise: `[1, C, h, w]`.
    public func leavesFree(_ noise: Tensor) -> Bool {
        families.contains { $0.reader.free(noise, isEvened: false) != nil }
            || openBanks.contains { $0.free(noise, isEvened: false) != nil }
    }

    private func bank(of key: Int) -> OpenBank? {
        key < keys.count ? nil : openBanks.first { $0.places.contains(key) }
    }

    // MARK: - Matching

    /// Matches noise with every key that was given by itself, in the keys' order, and then with the few keys of each bank that
    /// fit best and with its pilot.
    /// - Parameters:
    ///   - noises: `[1, C, h, w]` each; a bank serves all of them at once.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: what the readers throw.
    public func match(_ noises: [Tensor], twoSided: Bool) throws -> [[Match]] {
        var matches = try noises.map { noise in
            try families.flatMap { family in
                let reading = try family.reader.read(noise)
                return family.members.map { match(family.reader, $0, reading, twoSided, nil) }
            }.sorted { $0.key < $1.key }
        }
        for bank in openBanks {
            let own = try bank.matches(noises, twoSided: twoSided)
            for index in matches.indices { matches[index] += own[index] }
        }
        return matches
    }

    /// Matches one latent's noise.
    public func match(_ noise: Tensor, twoSided: Bool) throws -> [Match] { try match([noise], twoSided: twoSided)[0] }

    /// Looks for the keys that can be looked for in moved pictures, as `match` does.
    /// - Parameters:
    ///   - noises: `[1, C, h, w]` each, with what is known of the frame that it shows.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: what the searches throw.
    public func search(_ noises: [(noise: Tensor, frame: ObservedFrame)], twoSided: Bool) throws -> [[Match]] {
        var matches = try noises.map { noise, frame in
            try families.flatMap { family -> [Match] in
                guard let search = family.search else { return [] }
                let members = family.members.filter { !$0.numbers.isEmpty }
                let sightings = try search.sightings(
                    of: members.map(\.numbers), in: noise, frame: frame, twoSided: twoSided)
                return zip(members, sightings).map { match(family.reader, $0, $1.reading, twoSided, $1) }
            }.sorted { $0.key < $1.key }
        }
        for bank in openBanks {
            guard let own = try bank.sightings(noises, twoSided: twoSided) else { continue }
            for index in matches.indices { matches[index] += own[index] }
        }
        return matches
    }

    /// Looks in one latent's noise.
    public func search(_ noise: Tensor, frame: ObservedFrame, twoSided: Bool) throws -> [Match] {
        try search([(noise, frame)], twoSided: twoSided)[0]
    }

    private func match(
        _ reader: any MarkReader, _ member: (key: Int, numbers: [Double]), _ reading: [Double], _ twoSided: Bool,
        _ sighting: Sighting?
    ) -> Match {
        guard !member.numbers.isEmpty else {
            return Match(key: member.key, reading: reading, agreement: 0, logPValue: nil)
        }
        let key = keys[member.key]
        let match = Match(
            key: member.key, numbers: member.numbers, smallestPValue: key.smallestPValue, by: reader,
            reading: reading, twoSided: twoSided, sighting: sighting)
        guard let logPValue = match.logPValue, logPValue < Self.doubtful else { return match }
        return reader.otherMessage(reading, of: key).map(match.contradicted) ?? match
    }

    /// Natural logarithm of the p-value below which a match is asked what message it carries.
    private static let doubtful = log(1e-3)

    // MARK: - Absence

    /// `MarkReader.log10MedianPValue` of a key, computed once a ratio.
    /// - Parameters:
    ///   - key: its place; of a key with an exact p-value.
    ///   - signalToNoise: at least 0.
    public func log10MedianPValue(of key: Int, signalToNoise: Double) -> Double {
        let place = Sensitivity(key: key, signalToNoise: signalToNoise)
        if let known = sensitivities.withLock({ $0[place] }) { return known }
        let key = self[place.key]
        precondition(key.isRandom, "a p-value of key \(place.key), which has none")
        let value = reader(of: place.key).log10MedianPValue(of: key.numbers, signalToNoise: signalToNoise)
        sensitivities.withLock { $0[place] = value }
        return value
    }
}
