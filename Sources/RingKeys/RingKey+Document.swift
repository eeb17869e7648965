import Foundation
import Tensors

extension RingKey {
    private struct Document: Codable {
        var format: String
        var id: String
        var name: String
        var created: String
        var pattern: String
        var radius: Double
        var ringWidth: Double
        /// Whole numbers. As `Int`, a fraction would pass for text that is no JSON.
        var channels: [Double]
        /// Channels, height, width.
        var latent: [Double]
        var phaseOrigin: String
        /// 64 hexadecimal digits, of native keys.
        var secret: String?
        /// Real and imaginary parts in turn, of keys of the reference package.
        var values: [Float]?

        enum CodingKeys: String, CodingKey {
            case format, id, name, created, pattern, radius
            case ringWidth = "ring_width"
            case channels, latent
            case phaseOrigin = "phase_origin"
            case secret, values
        }
    }

    /// Read first, so that another version is called one and not a document with missing fields.
    private struct Header: Decodable {
        var format: String
    }

    /// The largest key file that is read: four channels of a large latent's values fit in it.
    static let largestFile = 64 << 20

    /// Reads a key file.
    /// - Throws: `InputError` naming the file and the field, also where a group or the world may write to it.
    public init(contentsOf path: String) throws {
        let data = try InputFile.read(path, limit: Self.largestFile)
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & (S_IWGRP | S_IWOTH) != 0 {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw InputError(
                path, expected: "a key that only its owner can write to (chmod 600 \(path))", found: "mode \(mode)")
        }
        try self.init(data: data, named: path)
    }

    /// Whether people other than the owner can read a key file.
    public static func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & (S_IRGRP | S_IROTH) != 0
    }

    /// Reads the content of a key file; `path` stands for it in errors.
    public init(data: Data, named path: String) throws {
        let document: Document
        do {
            let header = try JSONDecoder().decode(Header.self, from: data)
            guard header.format == Self.formatName else {
                throw InputError("\(path): format", expected: Self.formatName, found: header.format)
            }
            document = try JSONDecoder().decode(Document.self, from: data)
        } catch let error as DecodingError {
            throw InputError(path, expected: "a \(Self.formatName) document", found: Self.describe(error))
        }
        try Self.requirePrintable(document.name, subject: "\(path): name")
        guard ISO8601DateFormatter().date(from: document.created) != nil else {
            throw InputError(
                "\(path): created", expected: "a time like 2026-01-31T12:00:00Z", found: document.created)
        }
        guard let pattern = KeyGeometry.Pattern(rawValue: document.pattern) else {
            let known = KeyGeometry.Pattern.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError("\(path): pattern", expected: "one of \(known)", found: document.pattern)
        }
        guard let phaseOrigin = KeyGeometry.PhaseOrigin(rawValue: document.phaseOrigin) else {
            throw InputError("\(path): phase_origin", expected: "centre or corner", found: document.phaseOrigin)
        }
        let latent = try Self.whole(document.latent, subject: "\(path): latent")
        guard latent.count == 3 else {
            throw InputError("\(path): latent", expected: "three extents", found: "\(latent)")
        }
        let geometry = try KeyGeometry(
            pattern: pattern, radius: document.radius, ringWidth: document.ringWidth,
            channels: Self.whole(document.channels, subject: "\(path): channels"),
            latentShape: LatentShape(
                channels: latent[0], height: latent[1], width: latent[2]),
            phaseOrigin: phaseOrigin, subject: path)
        let material: Material
        if pattern.isNative {
            guard document.values == nil, let secret = document.secret.flatMap(Secret.init(hexadecimal:)) else {
                throw InputError(
                    "\(path): secret", expected: "64 hexadecimal digits and no values",
                    found: document.values == nil
                        ? document.secret.map { "\($0.count) characters" } ?? "no field secret" : "values")
            }
            material = .secret(secret)
        } else {
            let count = ReferenceMask(geometry).rings.count * geometry.channels.count * 2
            guard document.secret == nil, let values = document.values, values.count == count,
                values.allSatisfy(\.isFinite)
            else {
                throw InputError(
                    "\(path): values", expected: "\(count) numbers", found: "\(document.values?.count ?? 0)")
            }
            material = .values(
                stride(from: 0, to: values.count, by: 2).map {
                    ReferenceValue(real: values[$0], imaginary: values[$0 + 1])
                })
        }
        self.init(name: document.name, created: document.created, geometry: geometry, material: material)
        guard id == document.id else {
            throw InputError("\(path): id", expected: "\(id), the fingerprint of its content", found: document.id)
        }
    }

    /// The key file's content.
    /// - Throws: `InputError` for a name that could not be read again.
    public func data() throws -> Data {
        try Self.requirePrintable(name, subject: "key name")
        var document = Document(
            format: Self.formatName, id: id, name: name, created: created, pattern: geometry.pattern.rawValue,
            radius: geometry.radius, ringWidth: geometry.ringWidth, channels: geometry.channels.map(Double.init),
            latent: geometry.latentShape.tensorShape().dropFirst().map(Double.init),
            phaseOrigin: geometry.phaseOrigin.rawValue)
        switch material {
        case .secret(let secret): document.secret = secret.hexadecimal
        case .values(let values): document.values = values.flatMap { [$0.real, $0.imaginary] }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document) + Data("\n".utf8)
    }

    /// Writes a key file that only its owner can read, by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try AtomicFile.write(data(), to: path, overwrite: overwrite, permissions: 0o600)
    }

    private static func whole(_ numbers: [Double], subject: String) throws -> [Int] {
        try numbers.map { number in
            guard let whole = Int(exactly: number) else {
                throw InputError(subject, expected: "whole numbers", found: "\(number)")
            }
            return whole
        }
    }

    /// A name goes to terminals and reports as it is.
    private static func requirePrintable(_ name: String, subject: String) throws {
        let isPrintable = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            default: true
            }
        }
        guard isPrintable, (1...200).contains(name.count) else {
            throw InputError(
                subject, expected: "1 to 200 printable characters",
                found: isPrintable ? "\(name.count)" : "control characters")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty ? "document" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, _): return "no field \(key.stringValue)"
        case .typeMismatch(let type, let context): return "a \(place(context)) that is no \(type)"
        case .valueNotFound(_, let context): return "null in \(place(context))"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "text that is no JSON" : "an impossible \(place(context))"
        @unknown default: return "something else"
        }
    }
}
