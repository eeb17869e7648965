import Foundation
import OnnxSessions
import TensorFiles
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// A tiny checkpoint of `Tests/Fixtures/checkpoints` and what diffusers or transformers compute from it.
struct CheckpointCase {
    /// "class/case".
    let name: String
    /// The inputs and the outputs that are expected.
    let golden: SafetensorsFile

    /// Opens a case.
    init(_ name: String) throws {
        self.name = name
        golden = try SafetensorsFile(contentsOf: Self.url(name).appendingPathComponent("golden.safetensors").path)
    }

    /// "class/case" for all cases of a class.
    static func all(of kind: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: url(kind).path)
        return (names ?? []).sorted().map { "\(kind)/\($0)" }
    }

    /// Its configuration.
    func configuration() throws -> NetworkConfiguration {
        try NetworkConfiguration(Self.url(name).appendingPathComponent("config.json"))
    }

    /// Its configuration with other fields; nil for a field that is to be absent.
    func configuration(with fields: [String: ConfigurationValue?]) throws -> NetworkConfiguration {
        var all = try self.fields()
        for (field, value) in fields { all[field] = value }
        return NetworkConfiguration(named: name, all)
    }

    /// The fields of its configuration.
    func fields() throws -> [String: ConfigurationValue] {
        let data = try Data(contentsOf: Self.url(name).appendingPathComponent("config.json"))
        return try JSONDecoder().decode([String: ConfigurationValue].self, from: data)
    }

    /// Its weights.
    func weights() throws -> CheckpointWeights {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.url(name).path)
        return try CheckpointWeights(
            named: name,
            files: files.filter { $0.hasSuffix(".safetensors") && $0 != "golden.safetensors" }.sorted().map {
                Self.url(name).appendingPathComponent($0)
            })
    }

    /// Its weights, changed: tensors by name, nil for one that is to be absent.
    func weights(with changes: [String: TensorLocation?]) throws -> CheckpointWeights {
        let whole = try weights()
        var tensors = whole.tensors
        for (tensor, location) in changes { tensors[tensor] = location }
        return CheckpointWeights(named: name, tensors)
    }

    /// A tensor of the golden file.
    func expected(_ tensor: String) throws -> Tensor { try golden.tensor(named: tensor) }

    /// What a graph makes of the golden inputs of these names.
    func run(_ graph: Data, _ inputs: String..., output: String) throws -> Tensor {
        try run(graph, inputs.map(expected), output: output)
    }

    /// What a graph makes of inputs.
    func run(_ graph: Data, _ inputs: [Tensor], output: String) throws -> Tensor {
        let session = try Session(graph: graph, named: name)
        let index = try #require(session.outputs.firstIndex { $0.name == output }, "no output \(output)")
        return try session.run(inputs, output: index)
    }

    private static func url(_ name: String) -> URL { Fixtures.url("checkpoints/\(name)") }
}
