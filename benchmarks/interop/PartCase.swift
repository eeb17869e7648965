import CheckpointModels
import Foundation
import OnnxSessions
import TensorFiles
import Tensors

/// One network in a folder, against a file of inputs and expected outputs.
struct PartCase {
    let folder: String
    let golden: SafetensorsFile

    init(_ folder: String, golden: String) throws {
        self.folder = folder
        self.golden = try SafetensorsFile(contentsOf: golden)
    }

    /// Builds, loads and runs each of its graphs.
    func compare() throws -> [Comparison] {
        try PartGraph.all(in: URL(fileURLWithPath: folder)).flatMap { graph in
            let session = try Session(graph: graph.model, named: folder)
            let feeds = try session.inputs.map { try feed($0.name, graph.role) }
            return try session.outputs.indices.compactMap { index -> Comparison? in
                let name = graph.role.output(session.outputs[index].name)
                guard golden.names.contains(name) else { return nil }
                let theirs = try golden.tensor(named: name)
                return try Comparison(name, try session.run(feeds, output: index).firstChannels(of: theirs), theirs)
            }
        }
    }
}

extension PartCase {
    /// The golden tensor for an input. Diffusers' FLUX takes σ, 0 … 1, where the tool's takes the timestep, 1,000·σ.
    private func feed(_ name: String, _ role: PartGraph.Role) throws -> Tensor {
        let tensor = try golden.tensor(named: role.input(name))
        return name == "timestep" && golden.names.contains("img_ids") ? 1000 * tensor : tensor
    }
}

extension PartGraph.Role {
    /// What an input is called in files of expected outputs.
    fileprivate func input(_ name: String) -> String {
        switch (self, name) {
        case (.encoder, "sample"): "image"
        case (.decoder, "latent_sample"): "latent"
        default: name
        }
    }

    /// What an output is called in files of expected outputs.
    fileprivate func output(_ name: String) -> String {
        switch (self, name) {
        case (.encoder, _): "latents_mode"
        case (.decoder, _): "decoded"
        case (.denoiser, _): "out"
        case (.text, "pooler_output"): "pooled"
        case (.text, let name) where name.hasPrefix("hidden_states."): "penultimate"
        case (.text, _): name
        }
    }
}

extension Tensor {
    /// Means of moments, `[B, 2C, h, w]`, where the other tensor has C channels.
    fileprivate func firstChannels(of other: Tensor) -> Tensor {
        guard shape.count == 4, other.shape.count == 4, shape[1] == 2 * other.shape[1] else { return self }
        let half = elements.count / shape[0] / 2
        return Tensor(
            (0..<shape[0]).flatMap { elements[(2 * $0 * half)..<((2 * $0 + 1) * half)] }, shape: other.shape)
    }
}
