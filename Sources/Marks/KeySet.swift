import Foundation
import InputErrors
import Registration
import Synchronization
import Tensors

/// Keys to look for, with one reader for all keys of a family: each further key of a family costs its dot product.
public final class KeySet: Sendable {
    /// The keys, in the order in which they were given.
    public let keys: [any MarkKey]
    /// The latents that they fit.
    public let latentShape: LatentShape

    private struct Family: Sendable {
        let reader: any MarkReader
        let search: (any MarkSearch)?
        let members: [(key: Int, numbers: [Double])]
    }

    private struct Sensitivity: Hashable {
        let key: Int
        let signalToNoise: Double
    }

    private let families: [Family]
    /// The place of each key's family.
    private let places: [Int]
    private let sensitivities = Mutex<[Sensitivity: Double]>([:])

    /// Derives the keys' numbers and makes a reader for each family, once for all images.
    /// - Parameters:
    ///   - keys: at least one, all of one latent shape.
    ///   - extent: how far moved pictures are searched for.
    public init(_ keys: [any MarkKey], searching extent: SearchExtent = .none) {
        precondition(!keys.isEmpty, "a set of 0 keys")
        let shape = keys[0].latentShape
        precondition(keys.allSatisfy { $0.latentShape == shape }, "keys of several latent shapes, \(shape) first")
        self.keys = keys
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
    }

    /// The set of keys that have to fit a model's latents.
    /// - Throws: `InputError` naming the first key that does not.
    public convenience init(
        _ keys: [any MarkKey], for latentShape: LatentShape, searching extent: SearchExtent = .none
    ) throws {
        for key in keys where key.latentShape != latentShape {
            throw InputError(
                "key \(key.identity.name)", expected: "a key for the model's latents, \(latentShape)",
                found: "\(key.latentShape)", as: .keyMismatch)
        }
        self.init(keys, searching: extent)
    }

    /// The reader that serves a key.
    /// - Parameter key: its place.
    public func reader(of key: Int) -> any MarkReader { families[places[key]].reader }

    /// Whether a key is looked for in moved pictures.
    /// - Parameter key: its place.
    public func isSearched(_ key: Int) -> Bool { families[places[key]].search != nil && keys[key].isRandom }

    /// Whether any is.
    public var isSearched: Bool { keys.indices.contains(where: isSearched) }

    /// Looks for the keys that can be looked for in moved pictures, in the keys' order.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - frame: what is known of the frame that the noise shows.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: what the searches throw.
    public func search(_ noise: Tensor, frame: ObservedFrame, twoSided: Bool) throws -> [Match] {
        var matches: [Match] = []
        for family in families {
            guard let search = family.search else { continue }
            let members = family.members.filter { !$0.numbers.isEmpty }
            let sightings = try search.sightings(
                of: members.map(\.numbers), in: noise, frame: frame, twoSided: twoSided)
            for (member, sighting) in zip(members, sightings) {
                matches.append(match(family.reader, member, sighting.reading, twoSided, sighting))
            }
        }
        return matches.sorted { $0.key < $1.key }
    }

    private func match(
        _ reader: any MarkReader, _ member: (key: Int, numbers: [Double]), _ reading: [Double], _ twoSided: Bool,
        _ sighting: Sighting?
    ) -> Match {
        let agreement = reader.agreement(reading, member.numbers)
        let logPValue = reader.logPValue(agreement: agreement, of: reading, twoSided: twoSided)
        return Match(
            key: member.key, reading: reading, agreement: agreement,
            logPValue: max(logPValue, log(keys[member.key].smallestPValue)), sighting: sighting)
    }

    /// Matches noise with every key, in the keys' order.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: what the readers throw.
    public func match(_ noise: Tensor, twoSided: Bool) throws -> [Match] {
        var matches: [Match] = []
        for family in families {
            let reading = try family.reader.read(noise)
            for member in family.members {
                matches.append(
                    member.numbers.isEmpty
                        ? Match(key: member.key, reading: reading, agreement: 0, logPValue: nil)
                        : match(family.reader, member, reading, twoSided, nil))
            }
        }
        return matches.sorted { $0.key < $1.key }
    }

    /// `MarkReader.log10MedianPValue` of a key, computed once a ratio.
    /// - Parameters:
    ///   - key: its place; of a key with an exact p-value.
    ///   - signalToNoise: at least 0.
    public func log10MedianPValue(of key: Int, signalToNoise: Double) -> Double {
        let place = Sensitivity(key: key, signalToNoise: signalToNoise)
        if let known = sensitivities.withLock({ $0[place] }) { return known }
        guard let numbers = families[places[key]].members.first(where: { $0.key == key })?.numbers, !numbers.isEmpty
        else { preconditionFailure("a p-value of key \(key), which has none") }
        let value = reader(of: key).log10MedianPValue(of: numbers, signalToNoise: signalToNoise)
        sensitivities.withLock { $0[place] = value }
        return value
    }
}
