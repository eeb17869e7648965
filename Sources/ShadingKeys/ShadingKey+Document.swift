import Foundation
import InputErrors
import KeyDocuments

extension ShadingKey {
    private struct Document: Codable {
        /// Along channels, rows, columns. Whole numbers.
        var copies: [Double]
        /// Of ChaCha20.
        var secret: SecretDigits?
        /// 24 hexadecimal digits, of ChaCha20.
        var nonce: String?
        /// Hexadecimal digits, of a fixed pad.
        var pad: String?
        /// Hexadecimal digits; nil where it is not known.
        var message: String?
        /// Of streams that were made from seeds.
        var seedBits: Double?

        enum CodingKeys: String, CodingKey {
            case copies, secret, nonce, pad, message
            case seedBits = "seed_bits"
        }
    }

    /// Reads the content of a key file.
    /// - Parameters:
    ///   - data: the content.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        let copies = try KeyDocument.whole(document.copies, subject: "\(path): copies")
        guard copies.count == 3 else {
            throw InputError("\(path): copies", expected: "three numbers", found: "\(copies)", as: .keyDocument)
        }
        let geometry = try ShadingGeometry(
            copies: .init(channels: copies[0], rows: copies[1], columns: copies[2]), latentShape: shape, subject: path,
            as: .keyDocument)
        let stream: Stream
        switch (document.secret, document.nonce, document.pad) {
        case (_?, let nonce?, nil):
            let bytes = try Self.bytes(nonce, count: Self.nonceLength, subject: "\(path): nonce", as: .keyDocument)
            stream = .chaCha20(try KeyDocument.secret(in: data, named: path), nonce: bytes)
        case (nil, nil, let pad?):
            stream = .pad(try Self.bits(pad, count: shape.count, subject: "\(path): pad", as: .keyDocument))
        default:
            throw InputError(
                path, expected: "a secret and a nonce, or a pad", found: "neither or both", as: .keyDocument)
        }
        self.init(
            name: header.name, createdAt: header.created, geometry: geometry, stream: stream,
            message: try document.message.map {
                try Self.bits($0, count: geometry.messageLength, subject: "\(path): message", as: .keyDocument)
            }, seedBits: try KeyDocument.seedBits(document.seedBits, named: path))
        try KeyDocument.require(id: identity.id, of: header, named: path)
    }

    /// The key file's content, in memory that is wiped when it is released.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(name, subject: "key name", as: .invalidSetting)
        let copies = geometry.copies
        var document = Document(
            copies: [copies.channels, copies.rows, copies.columns].map(Double.init),
            message: message.map { Self.digits(BitText.bytes($0)) }, seedBits: seedBits.map(Double.init))
        var secret: Secret?
        switch stream {
        case .chaCha20(let own, let nonce):
            (secret, document.secret, document.nonce) = (own, SecretDigits(), Self.digits(nonce))
        case .pad(let bits): document.pad = Self.digits(BitText.bytes(bits))
        }
        return try KeyDocument.data(
            KeyDocument.Written(KeyDocument.Header(self, scheme: ShadingScheme.title), document), secret: secret)
    }

    private static func digits(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

    /// The bytes that hexadecimal digits stand for.
    /// - Parameters:
    ///   - digits: two for each byte.
    ///   - count: how many bytes there have to be.
    ///   - subject: names the text in errors.
    ///   - code: of the error.
    public static func bytes(
        _ digits: String, count: Int, subject: String, as code: InputError.Code
    ) throws -> [UInt8] {
        let values = digits.utf8.map { digit -> UInt8? in
            Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init)
        }
        guard values.count == 2 * count, !values.contains(nil) else {
            throw InputError(
                subject, expected: "\(2 * count) hexadecimal digits", found: "\(digits.utf8.count) characters", as: code
            )
        }
        let nibbles = values.compactMap(\.self)
        return (0..<count).map { nibbles[2 * $0] << 4 | nibbles[2 * $0 + 1] }
    }

    /// The bits that hexadecimal digits stand for, the last byte filled up with zeros.
    /// - Parameters:
    ///   - digits: two for each byte.
    ///   - count: how many bits there have to be.
    ///   - subject: names the text in errors.
    ///   - code: of the error.
    public static func bits(
        _ digits: String, count: Int, subject: String, as code: InputError.Code
    ) throws -> [UInt8] {
        let bits = BitText.bits(
            try bytes(digits, count: (count + 7) / 8, subject: subject, as: code), count: (count + 7) / 8 * 8)
        guard bits.dropFirst(count).allSatisfy({ $0 == 0 }) else {
            throw InputError(subject, expected: "\(count) bits and zeros after them", found: "ones", as: code)
        }
        return Array(bits.prefix(count))
    }
}
