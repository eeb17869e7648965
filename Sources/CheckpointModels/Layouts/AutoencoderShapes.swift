import InputErrors

/// The configuration of an autoencoder without a `config.json`, told from its tensors, which have diffusers' names.
package enum AutoencoderShapes {
    /// Of the group norms, in all autoencoders of the kind.
    private static let groups = 32

    /// The fields of a `config.json`.
    /// - Parameters:
    ///   - weights: by diffusers' names.
    ///   - scalingFactor: by the family; nil where it is not known, since no tensor tells it.
    ///   - sampleSize: in pixels; nil where it is not known.
    /// - Throws: `InputError` naming a tensor that is missing or has another rank.
    package static func configuration(
        _ weights: CheckpointWeights, scalingFactor: Double?, sampleSize: Int?
    ) throws -> [String: ConfigurationValue] {
        let tensors = PrefixedTensors(weights, below: "")
        let channels = try (0..<max(1, tensors.count("encoder.down_blocks"))).map {
            try tensors.shape("encoder.down_blocks.\($0).resnets.0.conv1.weight", ranks: 4)[0]
        }
        let decoder = try tensors.shape("decoder.conv_in.weight", ranks: 4)
        var fields: [String: ConfigurationValue] = [
            "_class_name": .text("AutoencoderKL"),
            "in_channels": .number(try tensors.shape("encoder.conv_in.weight", ranks: 4)[1]),
            "out_channels": .number(try tensors.shape("decoder.conv_out.weight", ranks: 4)[0]),
            "latent_channels": .number(decoder[1]),
            "block_out_channels": .numbers(channels),
            "layers_per_block": .number(tensors.count("encoder.down_blocks.0.resnets")),
            "down_block_types": .list(channels.map { _ in .text("DownEncoderBlock2D") }),
            "up_block_types": .list(channels.map { _ in .text("UpDecoderBlock2D") }),
            "act_fn": .text("silu"),
            "norm_num_groups": .number(groups),
        ]
        fields["scaling_factor"] = scalingFactor.map { .number($0) }
        fields["sample_size"] = sampleSize.map { .number($0) }
        return fields
    }

    /// The fields of a `config.json` of `AutoencoderTiny`, of which all there are have the same but for the latents.
    /// - Throws: `InputError` naming a tensor that is missing or has another rank.
    package static func tinyConfiguration(_ weights: CheckpointWeights) throws -> [String: ConfigurationValue] {
        let decoder = try PrefixedTensors(weights, below: "").shape("decoder.layers.0.weight", ranks: 4)
        return ["_class_name": .text("AutoencoderTiny"), "latent_channels": .number(decoder[1])]
    }
}
