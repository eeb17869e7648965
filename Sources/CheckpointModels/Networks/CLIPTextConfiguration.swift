import InputErrors

/// `config.json` of transformers' `CLIPTextModel` and `CLIPTextModelWithProjection`, as far as it matters.
package struct CLIPTextConfiguration: Sendable, Equatable {
    /// The function between the two linear layers of a block.
    package enum Activation: String, Sendable, CaseIterable {
        case quickGelu = "quick_gelu"
        case gelu
    }

    /// Tokens that there are.
    package let vocabulary: Int
    /// Tokens that a text may have.
    package let positions: Int
    /// Numbers of a token.
    package let width: Int
    /// Numbers of a token between the two linear layers of a block.
    package let innerWidth: Int
    /// Blocks.
    package let layers: Int
    /// Of the attention; `width` is a multiple of it.
    package let heads: Int
    /// The function between the two linear layers of a block.
    package let activation: Activation
    /// ε of the layer norms.
    package let epsilon: Float
    /// The token that ends a text.
    package let endToken: Int
    /// Numbers of a text's projection.
    package let projectionWidth: Int

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        vocabulary = try file.integer("vocab_size", default: 49_408, in: 1...1 << 24)
        positions = try file.integer("max_position_embeddings", default: 77, in: 1...1 << 16)
        width = try file.integer("hidden_size", default: 512, in: 1...1 << 16)
        innerWidth = try file.integer("intermediate_size", default: 2048, in: 1...1 << 18)
        layers = try file.integer("num_hidden_layers", default: 12, in: 1...256)
        heads = try file.integer("num_attention_heads", default: 8, in: 1...1024)
        let name = try file.choice("hidden_act", default: "quick_gelu", of: Activation.allCases.map(\.rawValue))
        activation = Activation(rawValue: name) ?? .quickGelu
        epsilon = Float(try file.number("layer_norm_eps", default: 1e-5))
        endToken = try file.integer("eos_token_id", default: 49_407, in: 0...1 << 24)
        projectionWidth = try file.integer("projection_dim", default: 512, in: 1...1 << 16)
        file.ignore("attention_dropout", "dropout")
        try file.ignoreFieldsOfTransformers()
        try file.requireNoOthers()
        guard width % heads == 0 else {
            throw file.refusal("num_attention_heads", "a divisor of \(width)", .number(Double(heads)))
        }
        guard epsilon > 0, epsilon < 1 else {
            throw file.refusal("layer_norm_eps", "a small number above 0", .number(Double(epsilon)))
        }
    }
}
