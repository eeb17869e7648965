import Foundation
import KeyDocuments
import Marks
import RandomNumbers
import Tensors

/// A seed as a key: the whole of an image's initial noise is its mark (NoisePrints, arXiv 2510.13793). Images that were made
/// before anybody thought of marks can be looked for by it.
public struct SeedKey: MarkKey, Equatable {
    /// A display name. The fingerprint does not depend on it.
    public let name: String
    /// When the key was made, ISO 8601 in UTC.
    public let created: String
    /// What the seed gives.
    public let source: SeedNoise

    /// A key of a seed.
    public init(name: String, created: Date = Date(), source: SeedNoise) {
        self.init(name: name, createdAt: KeyDocument.time(created), source: source)
    }

    init(name: String, createdAt: String, source: SeedNoise) {
        self.name = name
        created = createdAt
        self.source = source
    }

    /// Fingerprint, name and `seed`. Of a short seed the fingerprint tells the seed to whoever tries them all.
    public var identity: KeyIdentity {
        let id = KeyDocument.fingerprint(source.canonicalText) { hash in
            withUnsafeBytes(of: source.seed.littleEndian) { hash.update($0) }
        }
        return KeyIdentity(id: id, name: name, pattern: "seed")
    }

    /// Device and precision; never the seed.
    public var details: [KeyDetail] {
        let device: [KeyDetail] =
            switch source.device {
            case .cpu: [KeyDetail("device", .text("cpu"))]
            case .cuda(let threads):
                [KeyDetail("device", .text("cuda")), KeyDetail("threads", .number(Double(threads)))]
            }
        return device + [KeyDetail("dtype", .text(source.precision.rawValue))]
    }

    /// Of the noise.
    public var latentShape: LatentShape { source.latentShape }
    /// Keys of one latent shape, whatever drew them.
    public var family: KeyFamily { KeyFamily(scheme: SeedScheme.title, geometry: "\(latentShape)") }
    /// The noise, in the order of its elements.
    public var numbers: [Double] { source.noise.elements.map(Double.init) }
    /// It has one, for a generator that is as good as chance.
    public var reasonWithoutExactPValue: String? { nil }
    /// One over the number of noises that seeds of this length make.
    public var smallestPValue: Double { KeyDocument.smallestPValue(seedBits: source.seedBits) }

    /// Puts the seed's noise in the place of every item. One seed makes one noise: there is nothing of the item's own in it.
    public func embed(into noise: inout Tensor) {
        precondition(
            noise.shape == latentShape.tensorShape(batch: noise.batch), "a key for \(latentShape) in \(noise.shape)")
        let own = source.noise.elements
        let batch = noise.batch
        noise.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                for (index, value) in own.enumerated() { elements[item * own.count + index] = value }
            }
        }
    }

    /// A `SeedReader`.
    public func makeReader() -> any MarkReader { SeedReader(latentShape) }
}
