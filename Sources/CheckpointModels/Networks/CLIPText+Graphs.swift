import Foundation
import Models
import OnnxGraphs

extension CLIPText: TextNetwork {
    package var width: Int { configuration.width }
    package var pooledWidth: Int? { isProjected ? configuration.projectionWidth : configuration.width }

    package func name(of output: TextOutput) -> String {
        switch output {
        case .lastHiddenState: "last_hidden_state"
        // States are counted from the embedding, 0, on.
        case .penultimate: "hidden_states.\(configuration.layers - 1)"
        case .pooled: isProjected ? "text_embeds" : "pooler_output"
        }
    }

    package func graph(_ weights: CheckpointWeights, outputs: [TextOutput]) throws -> Data {
        let network = NetworkBuilder(weights)
        let graph = network.graph
        let values = try encode(graph.input("input_ids", .int64, .texts()), Layers(network))
        for output in outputs {
            guard let value = values[output] else { continue }
            let shape = output == .pooled ? [.dynamic("batch"), .fixed(pooledWidth ?? width)] : .texts(width)
            graph.output(value, name(of: output), .float32, shape)
        }
        // The numbers 0, 1, 2, … in files of older releases.
        try network.requireAllUsed { $0.hasSuffix("embeddings.position_ids") }
        return graph.encoded()
    }
}

extension [TensorPort.Extent] {
    /// `[B, tokens]` or `[B, tokens, width]`, of any size.
    package static func texts(_ width: Int? = nil) -> [TensorPort.Extent] {
        [.dynamic("batch"), .dynamic("tokens")] + (width.map { [.fixed($0)] } ?? [])
    }
}
