import Foundation
import InputErrors

/// A way to run models of one format. A backend is registered by standing in the list that `open` goes through.
public protocol ModelBackend: Sendable {
    /// The name of the format: `ONNX`.
    var name: String { get }
    /// Whether the folder or file at `path` looks like the backend's format, without loading it. What is recognised but
    /// does not fit is refused by `open` with the reason.
    func recognises(_ path: String) -> Bool
    /// Opens a model.
    /// - Throws: `InputError` that names what is missing or does not fit.
    func open(_ path: String) throws -> any DiffusionModel
}

extension Collection<any ModelBackend> {
    /// The model at `path`, opened by the first backend that recognises it.
    /// - Throws: `InputError` where none does, and what the backend throws.
    public func open(_ path: String) throws -> any DiffusionModel {
        guard let backend = first(where: { $0.recognises(path) }) else {
            throw refusal(of: path)
        }
        return try backend.open(path)
    }

    private func refusal(of path: String) -> InputError {
        let formats = map(\.name).joined(separator: " or ")
        let expected = "a model in the format \(formats), or a .safetensors file"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            return InputError(
                path, expected: expected, found: isThere ? "another file" : "nothing",
                as: isThere ? .notAModel : .missing)
        }
        let some = names.filter { !$0.hasPrefix(".") }.sorted().prefix(4)
        return InputError(
            path, expected: expected,
            found: some.isEmpty ? "an empty folder" : "a folder with \(some.joined(separator: ", "))",
            as: .notAModel)
    }
}
