import Foundation
import InputErrors
import TensorFiles

/// The tensors of a network by the names that diffusers or transformers gives them, wherever they lie.
package struct CheckpointWeights: Sendable {
    /// The file or folder, for errors.
    package let name: String
    /// The tensors by name.
    package private(set) var tensors: [String: TensorLocation]

    /// Tensors that were found elsewhere.
    package init(named name: String, _ tensors: [String: TensorLocation]) {
        self.name = name
        self.tensors = tensors
    }

    /// Reads the headers of the files that hold a network; a tensor may be in one of them only.
    /// - Throws: `InputError` for a file that is damaged, and a tensor that is there twice.
    package init(named name: String, files: [URL]) throws {
        self.init(named: name, [:])
        for url in files {
            let file = try SafetensorsFile(contentsOf: url.path)
            let path = url.resolvingSymlinksInPath().path
            for tensor in file.names {
                guard let type = file.elementType(of: tensor), let shape = file.shape(of: tensor),
                    let span = file.span(of: tensor)
                else { preconditionFailure("\(tensor) among the names of \(path) and not in it") }
                let location = TensorLocation(file: path, type: type, shape: shape, offset: span.lowerBound)
                guard tensors.updateValue(location, forKey: tensor) == nil else {
                    throw InputError(
                        "\(url.path): \(tensor)", expected: "each tensor in one file", found: "it in another one too",
                        as: .checkpoint)
                }
            }
        }
    }

    /// Whether there is a tensor of that name.
    package func has(_ tensor: String) -> Bool { tensors[tensor] != nil }

    /// A tensor.
    /// - Throws: `InputError` where there is none.
    package func tensor(_ tensor: String) throws -> TensorLocation {
        guard let location = tensors[tensor] else {
            throw InputError(name, expected: "a tensor \(tensor)", found: "none", as: .checkpoint)
        }
        return location
    }

    /// A tensor of a shape.
    /// - Throws: `InputError` where there is none, or one of another shape.
    package func tensor(_ tensor: String, _ shape: [Int]) throws -> TensorLocation {
        let location = try self.tensor(tensor)
        guard location.shape == shape else {
            throw InputError(
                "\(name): \(tensor)", expected: "the shape \(shape)", found: "\(location.shape)", as: .checkpoint)
        }
        return location
    }

    /// The tensors whose names begin with a prefix.
    package func below(_ prefix: String) -> CheckpointWeights {
        CheckpointWeights(named: name, tensors.filter { $0.key.hasPrefix(prefix) })
    }

    /// Numbers in all tensors.
    package var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }
    /// Bytes of all tensors.
    package var byteCount: Int { tensors.values.reduce(0) { $0 + $1.byteCount } }
    /// The types of elements that there are, the most frequent first.
    package var types: [SafetensorsFile.ElementType] {
        let counts = Dictionary(grouping: tensors.values, by: \.type).mapValues { $0.reduce(0) { $0 + $1.count } }
        return counts.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.map(\.key)
    }
}
