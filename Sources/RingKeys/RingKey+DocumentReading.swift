import Files
import Foundation
import InputErrors
import Tensors

extension RingKey {
    /// Reads the content of a key file; `path` stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let document = try Document(data, named: path)
        try Self.requirePrintable(document.name, subject: "\(path): name", as: .keyDocument)
        guard ISO8601DateFormatter().date(from: document.created) != nil else {
            throw InputError(
                "\(path): created", expected: "a time like 2026-01-31T12:00:00Z", found: document.created,
                as: .keyDocument)
        }
        let geometry = try document.geometry(path)
        self.init(
            name: document.name, created: document.created, geometry: geometry,
            material: try document.material(geometry, data, path))
        guard id == document.id else {
            throw InputError(
                "\(path): id", expected: "\(id), the fingerprint of its content", found: document.id, as: .keyDocument)
        }
    }
}

extension RingKey.Document {
    /// Read first, so that another version is called one and not a document with missing fields.
    private struct Header: Decodable {
        var format: String
    }

    fileprivate init(_ data: Data, named path: String) throws {
        let header = try JSONReader.decode(Header.self, from: data, named: path, as: .keyDocument)
        guard header.format == RingKey.formatName else {
            throw InputError("\(path): format", expected: RingKey.formatName, found: header.format, as: .keyDocument)
        }
        self = try JSONReader.decode(Self.self, from: data, named: path, as: .keyDocument)
    }

    fileprivate func geometry(_ path: String) throws -> KeyGeometry {
        guard let pattern = KeyGeometry.Pattern(rawValue: pattern) else {
            let known = KeyGeometry.Pattern.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError("\(path): pattern", expected: "one of \(known)", found: pattern, as: .keyDocument)
        }
        guard let phaseOrigin = KeyGeometry.PhaseOrigin(rawValue: phaseOrigin) else {
            throw InputError(
                "\(path): phase_origin", expected: "centre or corner", found: phaseOrigin, as: .keyDocument)
        }
        let latent = try Self.whole(latent, subject: "\(path): latent")
        guard latent.count == 3 else {
            throw InputError("\(path): latent", expected: "three extents", found: "\(latent)", as: .keyDocument)
        }
        do {
            return try KeyGeometry(
                pattern: pattern, radius: radius, ringWidth: ringWidth,
                channels: Self.whole(channels, subject: "\(path): channels"),
                latentShape: LatentShape(channels: latent[0], height: latent[1], width: latent[2]),
                phaseOrigin: phaseOrigin, subject: path)
        } catch let error as InputError {
            throw InputError(error.subject, expected: error.expected, found: error.found, as: .keyDocument)
        }
    }

    fileprivate func material(_ geometry: KeyGeometry, _ data: Data, _ path: String) throws -> RingKey.Material {
        guard geometry.pattern.isNative else { return .values(try referenceValues(geometry, path)) }
        func refusal(_ found: String) -> InputError {
            InputError(
                "\(path): secret", expected: "64 hexadecimal digits and no values", found: found, as: .keyDocument)
        }
        guard values == nil else { throw refusal("values") }
        guard secret != nil else { throw refusal("no field secret") }
        return .secret(
            try data.withUnsafeBytes { bytes in
                guard let value = try Self.secretValue(bytes.bindMemory(to: UInt8.self)), value.count > 1,
                    value.first == UInt8(ascii: "\"")
                else { throw refusal("no text, or two") }
                let digits = value.dropFirst().dropLast()
                guard let secret = Secret(digits: digits) else { throw refusal("\(digits.count) characters") }
                return secret
            })
    }

    /// The JSON text of the secret, where it lies; nil where the document is not read as JSON decoders read it, or has two.
    private static func secretValue(_ document: UnsafeBufferPointer<UInt8>) throws -> UnsafeBufferPointer<UInt8>? {
        var values: [UnsafeBufferPointer<UInt8>] = []
        var scanner = JSONScanner(document)
        do {
            try scanner.object { name, scanner in
                if name == "secret" { values.append(try scanner.rawValue()) } else { try scanner.skip() }
            }
        } catch is JSONScanner.Malformed {
            return nil
        }
        return values.count == 1 ? values[0] : nil
    }

    private func referenceValues(_ geometry: KeyGeometry, _ path: String) throws -> [RingKey.ReferenceValue] {
        let count = ReferenceMask(geometry).rings.count * geometry.channels.count * 2
        guard secret == nil, let values, values.count == count, values.allSatisfy(\.isFinite) else {
            let found = values.map { "\($0.count)" } ?? "none"
            throw InputError("\(path): values", expected: "\(count) numbers", found: found, as: .keyDocument)
        }
        return stride(from: 0, to: count, by: 2).map {
            RingKey.ReferenceValue(real: values[$0], imaginary: values[$0 + 1])
        }
    }

    private static func whole(_ numbers: [Double], subject: String) throws -> [Int] {
        try numbers.map { number in
            guard let whole = Int(exactly: number) else {
                throw InputError(subject, expected: "whole numbers", found: "\(number)", as: .keyDocument)
            }
            return whole
        }
    }
}
