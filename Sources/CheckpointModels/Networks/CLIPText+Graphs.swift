import Foundation
import Models
import OnnxGraphs

extension CLIPText {
    /// The name of the penultimate state among the outputs: states are counted from the embedding, 0, on.
    var penultimateName: String { "hidden_states.\(configuration.layers - 1)" }

    /// `input_ids` `[B, tokens]` to `last_hidden_state` and `hidden_states.N`, both `[B, tokens, width]`, and
    /// `pooler_output` `[B, width]` or, with a projection, `text_embeds` `[B, projected width]`.
    /// - Parameter isProjected: whether it is a `CLIPTextModelWithProjection`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func graph(_ weights: CheckpointWeights, isProjected: Bool) throws -> Data {
        let network = NetworkBuilder(weights)
        let layers = Layers(network)
        let graph = network.graph
        let (width, projected) = (configuration.width, configuration.projectionWidth)
        let output = try encode(graph.input("input_ids", .int64, .texts()), layers)
        graph.output(output.lastHiddenState, "last_hidden_state", .float32, .texts(width))
        graph.output(output.penultimate, penultimateName, .float32, .texts(width))
        if isProjected {
            let embedding = try layers["text_projection"].linear(output.pooled, width, projected, bias: false)
            graph.output(embedding, "text_embeds", .float32, [.dynamic("batch"), .fixed(projected)])
        } else {
            graph.output(output.pooled, "pooler_output", .float32, [.dynamic("batch"), .fixed(width)])
        }
        // The numbers 0, 1, 2, … in files of older releases.
        try network.requireAllUsed { $0.hasSuffix("embeddings.position_ids") }
        return graph.encoded()
    }
}

extension [TensorPort.Extent] {
    /// `[B, tokens]` or `[B, tokens, width]`, of any size.
    static func texts(_ width: Int? = nil) -> [TensorPort.Extent] {
        [.dynamic("batch"), .dynamic("tokens")] + (width.map { [.fixed($0)] } ?? [])
    }
}
