import InputErrors

/// `config.json` of transformers' `T5EncoderModel`, as far as it matters.
package struct T5EncoderConfiguration: Sendable, Equatable {
    /// Tokens that there are.
    package let vocabulary: Int
    /// Numbers of a token.
    package let width: Int
    /// Numbers of a token in one head of the attention.
    package let headWidth: Int
    /// Numbers of a token in the middle of the feed-forward layers.
    package let innerWidth: Int
    /// Blocks.
    package let layers: Int
    /// Of the attention.
    package let heads: Int
    /// Whether the feed-forward layers multiply with a gate through GELU, as since T5 1.1; else they have one through ReLU.
    package let isGated: Bool
    /// ε of the norms.
    package let epsilon: Float
    /// Groups of distances between tokens: half of them for each direction.
    package let buckets: Int
    /// Distances from this on are one group.
    package let maximumDistance: Int

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        vocabulary = try file.integer("vocab_size", default: 32_128, in: 1...1 << 24)
        width = try file.integer("d_model", default: 512, in: 1...1 << 16)
        headWidth = try file.integer("d_kv", default: 64, in: 1...1 << 14)
        innerWidth = try file.integer("d_ff", default: 2048, in: 1...1 << 18)
        layers = try file.integer("num_layers", default: 6, in: 1...256)
        heads = try file.integer("num_heads", default: 8, in: 1...1024)
        isGated = try file.choice("feed_forward_proj", default: "relu", of: ["relu", "gated-gelu"]) != "relu"
        epsilon = Float(try file.number("layer_norm_epsilon", default: 1e-6))
        buckets = try file.integer("relative_attention_num_buckets", default: 32, in: 4...4096)
        maximumDistance = try file.integer("relative_attention_max_distance", default: 128, in: 2...1 << 16)
        try file.require("dense_act_fn", .text(isGated ? "gelu_new" : "relu"))
        try file.require("is_gated_act", .bool(isGated))
        // Of the decoder, or of training.
        file.ignore(
            "num_decoder_layers", "scale_decoder_outputs", "is_encoder_decoder", "dropout_rate", "classifier_dropout",
            "n_positions", "eos_token_id")
        try file.ignoreFieldsOfTransformers()
        try file.requireNoOthers()
        guard epsilon > 0, epsilon < 1 else {
            throw file.refusal("layer_norm_epsilon", "a small number above 0", .number(Double(epsilon)))
        }
        guard buckets % 4 == 0 else {
            throw file.refusal("relative_attention_num_buckets", "a multiple of 4", .number(Double(buckets)))
        }
        guard maximumDistance > buckets / 4 else {
            throw file.refusal(
                "relative_attention_max_distance", "more than \(buckets / 4)", .number(Double(maximumDistance)))
        }
    }
}
