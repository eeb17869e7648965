import OnnxGraphs

/// The inputs that the transformers of SD 3 and FLUX have in common, in the order of their ports.
struct JointTransformerInputs {
    /// `sample`, `[B, channels, h, w]`.
    let latent: GraphValue
    /// `encoder_hidden_states`, `[B, tokens, width]`.
    let text: GraphValue
    /// `pooled_projections`, `[B, pooledWidth]`.
    let pooled: GraphValue
    /// `timestep`, one for all latents or one for each.
    let timestep: GraphValue

    /// Adds the inputs to a graph.
    init(to graph: GraphBuilder, channels: Int, width: Int, pooledWidth: Int) {
        latent = graph.input("sample", .float32, .image(channels))
        text = graph.input("encoder_hidden_states", .float32, .texts(width))
        pooled = graph.input("pooled_projections", .float32, [.dynamic("batch"), .fixed(pooledWidth)])
        timestep = graph.input("timestep", .float32, [.dynamic("steps")])
    }
}
