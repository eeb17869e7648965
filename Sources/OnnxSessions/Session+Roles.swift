import InputErrors
import Models

extension Session {
    /// The output of one of these names, or the only one there is.
    package func output(named names: [String]) throws -> Int {
        if outputs.count == 1 { return 0 }
        for name in names {
            if let index = outputs.firstIndex(where: { $0.name == name }) { return index }
        }
        throw InputError(
            path, expected: "an output \(names.joined(separator: " or "))",
            found: outputs.map(\.name).joined(separator: ", "), as: .modelGraph)
    }

    /// The graph's only input.
    func onlyInput(_ role: String) throws -> TensorPort {
        guard inputs.count == 1 else {
            throw InputError(
                path, expected: "one input, the \(role)", found: inputs.map(\.name).joined(separator: ", "),
                as: .modelGraph)
        }
        return inputs[0]
    }

    /// Refuses a port whose fixed extents contradict the folder's configuration; nil fits anything.
    func require(_ port: TensorPort, _ shape: [Int?], _ meaning: String) throws {
        let fits =
            port.shape.count == shape.count
            && shape.indices.allSatisfy { axis in
                guard let wanted = shape[axis], let extent = port.extent(axis) else { return true }
                return wanted == extent
            }
        guard fits else {
            let wanted = shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
            throw InputError(
                "\(path): \(port.name)", expected: "\(meaning) [\(wanted)]", found: "\(port)", as: .modelGraph)
        }
    }
}
