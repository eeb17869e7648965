import Foundation
import OnnxGraphs

extension T5Encoder: TextNetwork {
    package var pooledWidth: Int? { nil }

    package func name(of output: TextOutput) -> String { "last_hidden_state" }

    /// Tokens that fill a text up count as any others, as in diffusers' pipelines.
    package func graph(_ weights: CheckpointWeights, outputs: [TextOutput]) throws -> Data {
        precondition(outputs == [.lastHiddenState], "\(outputs) of a T5 encoder")
        let network = NetworkBuilder(weights)
        let graph = network.graph
        let states = try encode(graph.input("input_ids", .int64, .texts()), Layers(network))
        graph.output(states, name(of: .lastHiddenState), .float32, .texts(width))
        // The table of tokens may be there twice, and the other half of the network too.
        try network.requireAllUsed { $0 == "encoder.embed_tokens.weight" || $0.hasPrefix("decoder.") }
        return graph.encoded()
    }
}
