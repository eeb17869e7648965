import Cryptography
import Foundation
import InputErrors
import KeyDocuments
import Marks
import Tensors

/// A key of Gaussian Shading (Yang et al., CVPR 2024, arXiv 2404.04956): the sign of every element of the initial noise is a
/// bit of a repeated message under a key stream. Whoever does not have the stream sees white noise.
public struct ShadingKey: MarkKey, Equatable {
    /// What makes the signs look random.
    public enum Stream: Sendable, Equatable {
        /// The key stream of ChaCha20 (RFC 8439) from block 0, the highest bit of a byte first.
        case chaCha20(Secret, nonce: [UInt8])
        /// A fixed bit for each element.
        case pad([UInt8])
    }

    /// Length of a nonce in bytes.
    public static let nonceLength = 12

    /// A display name. The fingerprint does not depend on it.
    public let name: String
    /// When the key was made, ISO 8601 in UTC.
    public let created: String
    /// How the message is spread.
    public let geometry: ShadingGeometry
    /// What encrypts it.
    public let stream: Stream
    /// Its bits; nil where they are not known: then any message is looked for, and read.
    public let message: [UInt8]?
    /// How many bits the seeds of the stream had; nil for one that no seed made, or of which that is not known.
    public let seedBits: Int?

    /// A key.
    public init(
        name: String, created: Date = Date(), geometry: ShadingGeometry, stream: Stream, message: [UInt8]?,
        seedBits: Int? = nil
    ) {
        self.init(
            name: name, createdAt: KeyDocument.time(created), geometry: geometry, stream: stream, message: message,
            seedBits: seedBits)
    }

    init(
        name: String, createdAt: String, geometry: ShadingGeometry, stream: Stream, message: [UInt8]?, seedBits: Int?
    ) {
        switch stream {
        case .chaCha20(_, let nonce):
            precondition(nonce.count == Self.nonceLength, "a nonce of \(nonce.count) bytes")
        case .pad(let bits):
            precondition(
                bits.count == geometry.latentShape.count, "a pad of \(bits.count) bits for \(geometry.latentShape)")
        }
        precondition(
            message.map { $0.count == geometry.messageLength } ?? true,
            "a message of \(message?.count ?? 0) bits where \(geometry.messageLength) fit")
        self.name = name
        created = createdAt
        self.geometry = geometry
        self.stream = stream
        self.message = message
        self.seedBits = seedBits
    }

    /// A new key of the system's random numbers.
    public init(name: String, geometry: ShadingGeometry, message: [UInt8]?) {
        let nonce = Sodium.randomBytes(Self.nonceLength).withUnsafeBytes { Array($0) }
        self.init(name: name, geometry: geometry, stream: .chaCha20(.random(), nonce: nonce), message: message)
    }

    /// The stream's bit of every element.
    var streamBits: [UInt8] {
        switch stream {
        case .pad(let bits): return bits
        case .chaCha20(let secret, let nonce):
            let count = geometry.latentShape.count
            return Sodium.chaCha20((count + 7) / 8, key: secret.bytes, nonce: nonce).withUnsafeBytes { bytes in
                (0..<count).map { bytes[$0 / 8] >> UInt8(7 - $0 % 8) & 1 }
            }
        }
    }

    /// Fingerprint, name and `gaussian-shading`.
    public var identity: KeyIdentity {
        let id = KeyDocument.fingerprint(canonicalText) { hash in
            switch stream {
            case .chaCha20(let secret, let nonce):
                secret.bytes.withUnsafeBytes { hash.update($0) }
                hash.update(nonce)
            case .pad(let bits): hash.update(BitText.bytes(bits))
            }
            hash.update(BitText.bytes(message ?? []))
        }
        return KeyIdentity(id: id, name: name, pattern: ShadingScheme.title)
    }

    /// The text that binds the key's material to its geometry (docs/schemes/gaussian-shading.md).
    var canonicalText: String {
        let kind =
            switch stream {
            case .chaCha20: "chacha20"
            case .pad: "pad"
            }
        return "gaussian-shading stream=\(kind) copies=\(geometry.copies) latent=\(geometry.latentShape) "
            + "message=\(message == nil ? "unknown" : "known")"
    }

    /// Copies, length of the message, and whether it is known.
    public var details: [KeyDetail] {
        [
            KeyDetail("copies", .text("\(geometry.copies)")),
            KeyDetail("message_bits", .number(Double(geometry.messageLength))),
            KeyDetail("message_known", .flag(message != nil)),
        ]
    }

    /// Of the geometry.
    public var latentShape: LatentShape { geometry.latentShape }
    /// Keys whose message is known share a reader for one latent shape; others share one for one geometry.
    public var family: KeyFamily {
        KeyFamily(
            scheme: ShadingScheme.title,
            geometry: message == nil ? "\(latentShape) votes \(geometry.copies)" : "\(latentShape) signs")
    }

    /// The sign that each element has in marked noise; of a key without message the sign that turns an element's into that
    /// of its message bit.
    public var numbers: [Double] {
        guard let message else { return streamBits.map { $0 == 0 ? 1 : -1 } }
        return zip(geometry.places, streamBits).map { message[$0] ^ $1 == 1 ? 1 : -1 }
    }

    /// It has one over the key stream, unless any signs could be a message.
    public var reasonWithoutExactPValue: String? {
        message == nil && geometry.copyCount == 1 ? "its message is neither known nor repeated" : nil
    }

    /// One over the number of seeds, where the stream was made from some.
    public var smallestPValue: Double { KeyDocument.smallestPValue(seedBits: seedBits) }

    /// Gives every element of each item the sign that it should have. Its magnitude stays, so that the noise stays normal.
    /// - Throws: `InputError` for a key without message.
    public func embed(into noise: inout Tensor) throws {
        precondition(
            noise.shape == latentShape.tensorShape(batch: noise.batch), "a key for \(latentShape) in \(noise.shape)")
        guard message != nil else {
            throw InputError(
                "key \(name)", expected: "a message to mark with", found: "a key that reads any message",
                as: .keyMismatch)
        }
        let signs = numbers.map { Float($0) }
        let batch = noise.batch
        noise.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                for (index, sign) in signs.enumerated() {
                    elements[item * signs.count + index] = abs(elements[item * signs.count + index]) * sign
                }
            }
        }
    }

    /// A `SignReader`, or a `VoteReader` where the message is not known.
    public func makeReader() -> any MarkReader {
        message == nil ? VoteReader(geometry) : SignReader(latentShape)
    }
}
