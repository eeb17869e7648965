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
            let formats = map(\.name).joined(separator: " or ")
            throw InputError(path, expected: "a model folder in the format \(formats)", found: "none", as: .notAModel)
        }
        return try backend.open(path)
    }
}
