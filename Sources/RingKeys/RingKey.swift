import Cryptography
import Foundation
import KeyDocuments

/// A key: the document `ringkey.key/1` (docs/key-format.md). Anyone who has it can mark images and find its marks.
public struct RingKey: Sendable, Equatable {
    /// What the key's numbers come from.
    enum Material: Sendable, Equatable {
        case secret(Secret)
        /// The Tree-Ring package's complex values inside its mask: by channel, then by rows of the shifted spectrum.
        case values([ReferenceValue])
    }

    /// One complex coefficient of a reference key.
    struct ReferenceValue: Sendable, Equatable {
        let real: Float
        let imaginary: Float
    }

    /// A display name. The fingerprint does not depend on it.
    public let name: String
    /// When the key was made, ISO 8601 in UTC.
    public let created: String
    /// Where the key's numbers lie.
    public let geometry: KeyGeometry
    let material: Material
    /// How many bits the seed had that the key's numbers were drawn from; nil where they come from a secret, or it is not known.
    public let seedBits: Int?

    init(name: String, created: String, geometry: KeyGeometry, material: Material, seedBits: Int? = nil) {
        self.name = name
        self.created = created
        self.geometry = geometry
        self.material = material
        self.seedBits = seedBits
    }

    /// A native key of a secret.
    public init(name: String, created: Date = Date(), geometry: KeyGeometry, secret: Secret = .random()) {
        precondition(geometry.pattern.isNative, "\(geometry.pattern) has no secret")
        self.init(
            name: name, created: KeyDocument.time(created), geometry: geometry,
            material: .secret(secret))
    }

    /// The same key under another name; its fingerprint stays.
    public init(_ key: RingKey, name: String) {
        self.init(
            name: name, created: key.created, geometry: key.geometry, material: key.material, seedBits: key.seedBits)
    }

    /// Sixteen hexadecimal digits that name the key and tell nothing of its secret.
    public var id: String {
        KeyDocument.fingerprint(geometry.canonicalText) { hash in
            switch material {
            case .secret(let secret): secret.bytes.withUnsafeBytes { hash.update($0) }
            case .values(let values):
                for value in values {
                    for part in [value.real, value.imaginary] {
                        withUnsafeBytes(of: part.bitPattern.littleEndian) { hash.update($0) }
                    }
                }
            }
        }
    }

    /// κ: the key's independent numbers of unit variance, by channel, in the order of the geometry's map.
    public var numbers: [Double] {
        switch material {
        case .secret(let secret):
            let count = SpectralMap(geometry).count * geometry.channels.count
            return secret.normals(count, context: geometry.canonicalText)
        case .values(let values):
            return referenceNumbers(values)
        }
    }

    /// Rings without any imaginary part cannot come from noise: they were written by hand.
    var areHandWrittenRings: Bool {
        guard case .values(let values) = material, geometry.pattern == .treeRingRing else { return false }
        return values.allSatisfy { $0.imaginary == 0 }
    }
}
