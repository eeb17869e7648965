import Foundation
import KeyDocuments
import Marks
import RingKeys
import Tensors

/// A key of RingID (Ci et al. 2024, arXiv 2404.14055): rings of one level each in some channels of the noise's spectrum, noise
/// of the key's own in the place of rings in others.
public struct RingIDKey: Sendable, Equatable {
    /// What the key's numbers come from.
    enum Material: Sendable, Equatable {
        case secret(Secret)
        /// Level of each ring, by channel from the inner ring on; noise by channel, in the order of `RingIDMaps.noise`, in
        /// units of what white noise has.
        case pattern(levels: [Int], noise: [Float])
    }

    /// A display name. The fingerprint does not depend on it.
    public let name: String
    /// When the key was made, ISO 8601 in UTC.
    public let created: String
    /// Where the key's numbers lie.
    public let geometry: RingIDGeometry
    let material: Material

    init(name: String, created: String, geometry: RingIDGeometry, material: Material) {
        self.name = name
        self.created = created
        self.geometry = geometry
        self.material = material
    }

    /// A key of a secret, whose rings are drawn.
    public init(name: String, created: Date = Date(), geometry: RingIDGeometry, secret: Secret = .random()) {
        precondition(geometry.hasDrawnRings, "rings of a secret that are not drawn")
        self.init(name: name, created: KeyDocument.time(created), geometry: geometry, material: .secret(secret))
    }

    /// Level of each ring and the noise's numbers, whose variance is about 1.
    /// - Parameter noiseCount: of all noise channels.
    func parts(noiseCount: Int) -> (levels: [Int], noise: [Double]) {
        switch material {
        case .pattern(let levels, let noise): return (levels, noise.map(Double.init))
        case .secret(let secret):
            let normals = secret.normals(noiseCount + geometry.levelCount, context: geometry.canonicalText)
            let levels = normals[noiseCount...].map { normal in
                let below = erfc(-normal / 2.0.squareRoot()) / 2
                return min(geometry.levels - 1, Int(below * Double(geometry.levels)))
            }
            return (levels, Array(normals[..<noiseCount]))
        }
    }
}

extension RingIDKey: MarkKey {
    /// Fingerprint, name and `ringid`.
    public var identity: KeyIdentity {
        let id = KeyDocument.fingerprint(geometry.canonicalText) { hash in
            switch material {
            case .secret(let secret): secret.bytes.withUnsafeBytes { hash.update($0) }
            case .pattern(let levels, let noise):
                hash.update(levels.map { UInt8($0) })
                for number in noise { withUnsafeBytes(of: number.bitPattern.littleEndian) { hash.update($0) } }
            }
        }
        return KeyIdentity(id: id, name: name, pattern: RingIDScheme.title)
    }

    /// Radii, channels, levels, and whether rings count.
    public var details: [KeyDetail] {
        [
            KeyDetail("radius", .number(Double(geometry.radius))),
            KeyDetail("inner_radius", .number(Double(geometry.innerRadius))),
            KeyDetail("ring_channels", .numbers(geometry.ringChannels)),
            KeyDetail("noise_channels", .numbers(geometry.noiseChannels)),
            KeyDetail("levels", .number(Double(geometry.levels))),
            KeyDetail("rings_count", .flag(geometry.hasDrawnRings && geometry.levelCount > 0)),
        ]
    }

    /// The latents that the key fits.
    public var latentShape: LatentShape { geometry.latentShape }

    /// Keys of one geometry, apart from those whose rings do not count.
    public var family: KeyFamily {
        KeyFamily(
            scheme: RingIDScheme.title,
            geometry: geometry.canonicalText + (geometry.hasDrawnRings ? "" : " rings do not count"))
    }

    /// Levels of the rings, where they were drawn, and the noise's numbers, brought to a mean square of 1.
    public var numbers: [Double] {
        let count = RingIDMaps.of(geometry).noise.marked.count * geometry.noiseChannels.count
        let (levels, noise) = parts(noiseCount: count)
        let square = noise.reduce(0) { $0 + $1 * $1 } / Double(max(1, count))
        let scale = square > 0 ? 1 / square.squareRoot() : 0
        return (geometry.hasDrawnRings ? levels.map(geometry.number(ofLevel:)) : []) + noise.map { $0 * scale }
    }

    /// Nil where rings or noise were drawn at random.
    public var reasonWithoutExactPValue: String? {
        guard case .pattern(_, let noise) = material else { return nil }
        guard !geometry.noiseChannels.isEmpty else {
            return geometry.hasDrawnRings
                ? nil : "its rings alternate or are all the same: they were written by hand, not drawn at random"
        }
        let magnitudes = geometry.noiseChannels.flatMap { _ in RingIDMaps.of(geometry).noise.marked.magnitudes }
        return DrawnNumbers(numbers: noise.map(Double.init), magnitudes: magnitudes).objection.map {
            "its numbers \($0): they were not drawn at random"
        }
    }

    /// One over the number of keys, where there are rings alone.
    public var smallestPValue: Double {
        geometry.noiseChannels.isEmpty ? pow(Double(geometry.levels), -Double(geometry.levelCount)) : 0
    }

    /// A `RingIDReader`.
    public func makeReader() -> any MarkReader { RingIDReader(geometry) }
}
