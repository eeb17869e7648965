import Cryptography
import Foundation
import KeyDocuments
import Marks
import ShadingKeys
import Tensors

/// A key of the pseudorandom code watermark (Gunn, Zhao and Song, ICLR 2025, arXiv 2410.07369): the signs of the initial
/// noise are a codeword under a one-time pad, and every mark is another codeword. Whoever does not have the checks and the
/// pad sees white noise, over any number of marks.
public struct PRCKey: MarkKey, Equatable {
    /// What the code is made from.
    public enum Source: Sendable, Equatable {
        /// ringkey's own derivation.
        case secret(Secret)
        /// MarkDiffusion's.
        case seeds(PRCSeeds)
        /// The arrays themselves.
        case arrays(PRCCode)
    }

    /// A display name. The fingerprint does not depend on it.
    public let name: String
    /// When the key was made, ISO 8601 in UTC.
    public let created: String
    /// What the code is made from.
    public let source: Source
    /// The arrays.
    public let code: PRCCode
    /// Its bits; nil where they are not known: then any message is looked for, and read.
    public let message: [UInt8]?

    /// The sizes.
    public var geometry: PRCGeometry { code.geometry }

    /// A key of a secret.
    public init(name: String, created: Date = Date(), geometry: PRCGeometry, secret: Secret, message: [UInt8]?) {
        self.init(
            name: name, createdAt: KeyDocument.time(created), source: .secret(secret),
            code: PRCCode(geometry, secret: secret), message: message)
    }

    /// A key of MarkDiffusion's seeds. Of a latent of n elements that takes n² / 2 draws.
    public init(name: String, created: Date = Date(), geometry: PRCGeometry, seeds: PRCSeeds, message: [UInt8]?) {
        precondition(geometry.length <= PRCSeeds.mostElements, "seeds for \(geometry.length) elements")
        self.init(
            name: name, createdAt: KeyDocument.time(created), source: .seeds(seeds), code: seeds.code(geometry),
            message: message)
    }

    /// A key of arrays.
    public init(name: String, created: Date = Date(), code: PRCCode, message: [UInt8]?) {
        self.init(
            name: name, createdAt: KeyDocument.time(created), source: .arrays(code), code: code, message: message)
    }

    init(name: String, createdAt: String, source: Source, code: PRCCode, message: [UInt8]?) {
        precondition(
            message.map { $0.count == code.geometry.messageBits } ?? true,
            "a message of \(message?.count ?? 0) bits where there are \(code.geometry.messageBits)")
        self.name = name
        created = createdAt
        self.source = source
        self.code = code
        self.message = message
    }

    /// Fingerprint, name and `prc`.
    public var identity: KeyIdentity {
        let id = KeyDocument.fingerprint(canonicalText) { hash in
            switch source {
            case .secret(let secret): secret.bytes.withUnsafeBytes { hash.update($0) }
            case .seeds(let seeds):
                for seed in seeds.all { withUnsafeBytes(of: seed.littleEndian) { hash.update($0) } }
            case .arrays(let code):
                code.checks.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
                hash.update(BitText.bytes(code.pad))
                hash.update(BitText.bytes(code.testBits))
                code.generator.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
            }
            hash.update(BitText.bytes(message ?? []))
        }
        return KeyIdentity(id: id, name: name, pattern: PRCScheme.title)
    }

    /// The text that binds the key's material to its geometry (docs/schemes/prc.md).
    var canonicalText: String {
        let kind =
            switch source {
            case .secret: "secret"
            case .seeds: "seeds"
            case .arrays: "arrays"
            }
        return "prc source=\(kind) check_weight=\(geometry.checkWeight) message_bits=\(geometry.messageBits) "
            + "test_bits=\(geometry.testBits) latent=\(geometry.latentShape) "
            + "message=\(message == nil ? "unknown" : "known")"
    }

    /// The sizes, and whether the message is known.
    public var details: [KeyDetail] {
        [
            KeyDetail("check_weight", .number(Double(geometry.checkWeight))),
            KeyDetail("checks", .number(Double(code.checks.count / geometry.checkWeight))),
            KeyDetail("message_bits", .number(Double(geometry.messageBits))),
            KeyDetail("message_known", .flag(message != nil)),
        ]
    }

    /// Of the geometry.
    public var latentShape: LatentShape { geometry.latentShape }
    /// Every key has checks of its own, and with them a reader.
    public var family: KeyFamily { KeyFamily(scheme: PRCScheme.title, geometry: "\(latentShape) \(identity.id)") }
    /// The pad: the sign that turns each element's into that of its codeword.
    public var numbers: [Double] { code.pad.map { $0 == 0 ? 1 : -1 } }
    /// It has one over the pad.
    public var reasonWithoutExactPValue: String? { nil }

    /// One over the number of seeds, where the pad was made from some.
    public var smallestPValue: Double {
        guard case .seeds(let seeds) = source else { return 0 }
        return KeyDocument.smallestPValue(seedBits: seeds.padBits)
    }

    /// A `PRCReader`.
    public func makeReader() -> any MarkReader { PRCReader(self) }
}
