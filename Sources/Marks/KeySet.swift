import Foundation
import InputErrors
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
        let members: [(key: Int, numbers: [Double])]
    }

    private let families: [Family]
    /// The place of each key's family.
    private let places: [Int]
    private let sensitivities = Mutex<[Int: Double]>([:])

    /// Derives the keys' numbers and makes a reader for each family, once for all images.
    /// - Parameter keys: at least one, all of one latent shape.
    public init(_ keys: [any MarkKey]) {
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
            Family(
                reader: keys[members[0]].makeReader(),
                members: members.map { ($0, keys[$0].isRandom ? keys[$0].numbers : []) })
        }
    }

    /// The set of keys that have to fit a model's latents.
    /// - Throws: `InputError` naming the first key that does not.
    public convenience init(_ keys: [any MarkKey], for latentShape: LatentShape) throws {
        for key in keys where key.latentShape != latentShape {
            throw InputError(
                "key \(key.identity.name)", expected: "a key for the model's latents, \(latentShape)",
                found: "\(key.latentShape)", as: .keyMismatch)
        }
        self.init(keys)
    }

    /// The reader that serves a key.
    /// - Parameter key: its place.
    public func reader(of key: Int) -> any MarkReader { families[places[key]].reader }

    /// Matches noise with every key, in the keys' order.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: what the readers throw.
    public func match(_ noise: Tensor, twoSided: Bool) throws -> [Match] {
        var matches: [Match] = []
        for family in families {
            let reading = try family.reader.read(noise)
            for (key, numbers) in family.members {
                guard !numbers.isEmpty else {
                    matches.append(Match(key: key, reading: reading, agreement: 0, logPValue: nil))
                    continue
                }
                let agreement = family.reader.agreement(reading, numbers)
                matches.append(
                    Match(
                        key: key, reading: reading, agreement: agreement,
                        logPValue: family.reader.logPValue(agreement: agreement, twoSided: twoSided)))
            }
        }
        return matches.sorted { $0.key < $1.key }
    }

    /// `MarkReader.log10MedianPValue` of a key's family, computed once a family.
    /// - Parameter key: its place.
    public func log10MedianPValue(of key: Int) -> Double {
        let place = places[key]
        return sensitivities.withLock { known in
            if let value = known[place] { return value }
            let value = families[place].reader.log10MedianPValue()
            known[place] = value
            return value
        }
    }
}
