import Files
import Foundation
import InputErrors
import KeyDocuments
import Tensors

extension RingKey {
    /// Reads the content of a key file; `path` stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        let geometry = try document.geometry(shape, path)
        self.init(
            name: document.name, created: document.created, geometry: geometry,
            material: try document.material(geometry, data, path),
            seedBits: try KeyDocument.seedBits(document.seedBits, named: path))
        try KeyDocument.require(id: id, of: header, named: path)
    }
}

extension RingKey.Document {
    fileprivate func geometry(_ shape: LatentShape, _ path: String) throws -> KeyGeometry {
        guard let pattern = KeyGeometry.Pattern(rawValue: pattern) else {
            let known = KeyGeometry.Pattern.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError("\(path): pattern", expected: "one of \(known)", found: pattern, as: .keyDocument)
        }
        guard let phaseOrigin = KeyGeometry.PhaseOrigin(rawValue: phaseOrigin) else {
            throw InputError(
                "\(path): phase_origin", expected: "centre or corner", found: phaseOrigin, as: .keyDocument)
        }
        do {
            return try KeyGeometry(
                pattern: pattern, radius: radius, ringWidth: ringWidth,
                channels: KeyDocument.whole(channels, subject: "\(path): channels"), latentShape: shape,
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
        return .secret(try KeyDocument.secret(in: data, named: path))
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
}
