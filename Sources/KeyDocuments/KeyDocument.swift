import Cryptography
import Files
import Foundation
import InputErrors
import Marks
import Tensors

/// What key documents of all schemes have in common (docs/key-format.md).
public enum KeyDocument {
    /// The document's name and version.
    public static let formatName = "ringkey.key/1"
    /// The largest key file that is read: four channels of a large latent's values fit in it.
    public static let largestFile = 64 << 20

    /// The members that a document of any scheme has.
    public struct Header: Codable, Sendable {
        /// `formatName`.
        public var format: String
        /// The scheme; nil for `ring`.
        public var scheme: String?
        /// The fingerprint.
        public var id: String
        /// For people.
        public var name: String
        /// ISO 8601, UTC.
        public var created: String
        /// Channels, height, width. Whole numbers: as `Int`, a fraction would be reported as text that is not JSON.
        public var latent: [Double]

        /// The header of a key.
        /// - Parameters:
        ///   - key: what is written.
        ///   - scheme: the name of its scheme.
        public init(_ key: some MarkKey, scheme: String) {
            format = formatName
            self.scheme = scheme
            let identity = key.identity
            (id, name, created) = (identity.id, identity.name, key.created)
            latent = key.latentShape.tensorShape().dropFirst().map(Double.init)
        }
    }

    /// A document as it is written: the header's members and the scheme's own.
    public struct Written<Own: Encodable>: Encodable {
        private let header: Header
        private let own: Own

        /// A document.
        public init(_ header: Header, _ own: Own) {
            self.header = header
            self.own = own
        }

        /// Writes both into one object.
        public func encode(to encoder: any Encoder) throws {
            try header.encode(to: encoder)
            try own.encode(to: encoder)
        }
    }

    /// Read first, so that another version is called one and not a document with missing members.
    private struct Version: Decodable {
        var format: String
    }

    /// Reads a document with its header checked, but for the fingerprint.
    /// - Parameters:
    ///   - type: what else the document has.
    ///   - data: the content of a key file.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public static func decode<Document: Decodable>(
        _ type: Document.Type, from data: Data, named path: String
    ) throws -> (header: Header, latentShape: LatentShape, document: Document) {
        let version = try JSONReader.decode(Version.self, from: data, named: path, as: .keyDocument)
        guard version.format == formatName else {
            throw InputError("\(path): format", expected: formatName, found: version.format, as: .keyDocument)
        }
        let header = try JSONReader.decode(Header.self, from: data, named: path, as: .keyDocument)
        let document = try JSONReader.decode(type, from: data, named: path, as: .keyDocument)
        try requirePrintable(header.name, subject: "\(path): name", as: .keyDocument)
        guard ISO8601DateFormatter().date(from: header.created) != nil else {
            throw InputError(
                "\(path): created", expected: "a time like 2026-01-31T12:00:00Z", found: header.created,
                as: .keyDocument)
        }
        let latent = try whole(header.latent, subject: "\(path): latent")
        guard latent.count == 3 else {
            throw InputError("\(path): latent", expected: "three extents", found: "\(latent)", as: .keyDocument)
        }
        let shape = LatentShape(channels: latent[0], height: latent[1], width: latent[2])
        return (header, shape, document)
    }

    /// Checks a fingerprint against what a key's content comes to.
    public static func require(id: String, of header: Header, named path: String) throws {
        guard id == header.id else {
            throw InputError(
                "\(path): id", expected: "\(id), the fingerprint of its content", found: header.id, as: .keyDocument)
        }
    }

    /// Whole numbers of a member.
    public static func whole(_ numbers: [Double], subject: String) throws -> [Int] {
        try numbers.map { number in
            guard let whole = Int(exactly: number) else {
                throw InputError(subject, expected: "whole numbers", found: "\(number)", as: .keyDocument)
            }
            return whole
        }
    }

    /// A latent that keys can be made for: what they cost in memory and time goes with it.
    /// - Throws: `InputError` naming the subject.
    public static func require(_ shape: LatentShape, subject: String, as code: InputError.Code) throws {
        guard (1...256).contains(shape.channels), (4...1024).contains(shape.height), (4...1024).contains(shape.width)
        else {
            throw InputError(
                subject, expected: "a latent shape from 1x4x4 to 256x1024x1024", found: "\(shape)", as: code)
        }
    }

    /// A name goes to terminals and reports as it is.
    public static func requirePrintable(_ name: String, subject: String, as code: InputError.Code) throws {
        let isPrintable = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            default: true
            }
        }
        guard isPrintable, (1...200).contains(name.count) else {
            throw InputError(
                subject, expected: "1 to 200 printable characters",
                found: isPrintable ? "\(name.count)" : "control characters", as: code)
        }
    }

    /// Checks how many bits the seeds of a key had, and gives them back.
    /// - Parameters:
    ///   - bits: the member `seed_bits`; nil where there is none.
    ///   - path: of the file.
    /// - Throws: `InputError` for what is no whole number from 1 to 256.
    public static func seedBits(_ bits: Double?, named path: String) throws -> Int? {
        guard let bits else { return nil }
        let whole = try whole([bits], subject: "\(path): seed_bits")[0]
        guard (1...256).contains(whole) else {
            throw InputError("\(path): seed_bits", expected: "1 to 256", found: "\(whole)", as: .keyDocument)
        }
        return whole
    }

    /// The smallest p-value that a key can honestly have which was made from seeds: one over their number.
    /// - Parameter bits: of the seeds; nil for a key that was drawn.
    public static func smallestPValue(seedBits bits: Int?) -> Double {
        bits.map { Double(sign: .plus, exponent: -$0, significand: 1) } ?? 0
    }

    /// A time as documents have it: seconds, UTC.
    public static func time(_ date: Date) -> String {
        ISO8601DateFormatter().string(
            from: Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)))
    }

    /// Sixteen hexadecimal digits that name a key and tell nothing of its secret: of SHA-256 over a text that says what the
    /// key is, and over its material.
    /// - Parameters:
    ///   - canonicalText: scheme and geometry; another text, another fingerprint.
    ///   - material: hashes the secret part.
    public static func fingerprint(_ canonicalText: String, material: (inout SHA256) -> Void) -> String {
        var hash = SHA256()
        hash.update(Array("\(formatName) id\n\(canonicalText)\n".utf8))
        material(&hash)
        return hash.finish().prefix(8).hexadecimal
    }
}
