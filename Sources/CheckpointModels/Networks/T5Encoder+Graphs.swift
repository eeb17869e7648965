import Foundation
import OnnxGraphs

extension T5Encoder {
    /// `input_ids` `[B, tokens]` to `last_hidden_state` `[B, tokens, width]`. Tokens that fill a text up count as any others,
    /// as in diffusers' pipelines.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func graph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let graph = network.graph
        let states = try encode(graph.input("input_ids", .int64, .texts()), Layers(network))
        graph.output(states, "last_hidden_state", .float32, .texts(configuration.width))
        // The table of tokens may be there twice, and the other half of the network too.
        try network.requireAllUsed { $0 == "encoder.embed_tokens.weight" || $0.hasPrefix("decoder.") }
        return graph.encoded()
    }
}
