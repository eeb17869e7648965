import InputErrors

extension UNet2DConditionConfiguration {
    /// As many in as out: more in are of a network that takes a mask or a depth too, more out of one that tells a variance.
    package static func channels(_ file: NetworkConfiguration) throws -> Int {
        let inputs = try file.integer("in_channels", default: 4, in: 1...256)
        let outputs = try file.integer("out_channels", default: 4, in: 1...256)
        guard inputs == outputs else {
            throw file.refusal(
                inputs > outputs ? "in_channels" : "out_channels",
                "as many channels in as out, \(min(inputs, outputs))",
                .number(Double(max(inputs, outputs))))
        }
        return inputs
    }

    package static func stages(_ file: NetworkConfiguration) throws -> [Stage] {
        let channels = try file.integers(
            "block_out_channels", default: [320, 640, 1280, 1280], count: 1...8, in: 1...16_384)
        let count = channels.count...channels.count
        let down = try file.choices("down_block_types", count: count, of: ["CrossAttnDownBlock2D", "DownBlock2D"])
        let up = try file.choices("up_block_types", count: count, of: ["CrossAttnUpBlock2D", "UpBlock2D"])
        // The field's name is wrong in diffusers: it is the number of heads.
        let heads = try file.integers(
            "attention_head_dim", default: [Int](repeating: 8, count: channels.count), count: count, in: 1...1024)
        let layers = try file.integers(
            "layers_per_block", default: [Int](repeating: 2, count: channels.count), count: count, in: 1...64)
        let depths = try depths(file, layers)
        return channels.indices.map { index in
            let upIndex = channels.count - 1 - index
            return Stage(
                channels: channels[index], heads: heads[index], layers: layers[index],
                attendsDown: down[index] == "CrossAttnDownBlock2D", attendsUp: up[upIndex] == "CrossAttnUpBlock2D",
                downDepths: depths.down[index], upDepths: depths.up[index])
        }
    }

    /// Transformer blocks for each residual block of each stage.
    private static func depths(
        _ file: NetworkConfiguration, _ layers: [Int]
    ) throws -> (down: [[Int]], up: [[Int]]) {
        let (field, backwards) = ("transformer_layers_per_block", "reverse_transformer_layers_per_block")
        let down =
            try file.integersByLayer(field, counts: layers, in: 0...64)
            ?? layers.map { [Int](repeating: 1, count: $0) }
        let counts = layers.map { $0 + 1 }
        if let up = try file.integersByLayer(backwards, counts: counts.reversed(), in: 0...64) {
            return (down, up.reversed())
        }
        guard down.allSatisfy({ stage in stage.allSatisfy { $0 == stage[0] } }) else {
            throw InputError(
                "\(file.name): \(backwards)", expected: "depths of the way up, since \(field) has lists of them",
                found: "none", as: .modelConfiguration)
        }
        return (down, zip(down, counts).map { [Int](repeating: $0[0], count: $1) })
    }

    package static func middle(_ file: NetworkConfiguration, _ last: Stage) throws -> Middle {
        let (field, attention) = ("mid_block_type", "UNetMidBlock2DCrossAttn")
        if file.isNull(field) { return .nothing }
        let kind = try file.choice(field, default: attention, of: [attention, "UNetMidBlock2D"])
        return kind == attention ? .attention(depth: last.downDepths[0]) : .residual
    }

    package static func textTime(_ file: NetworkConfiguration) throws -> TextTime? {
        let (kind, width, inputs) = (
            "addition_embed_type", "addition_time_embed_dim", "projection_class_embeddings_input_dim"
        )
        guard file.has(kind) else {
            file.ignore(kind, width, inputs)
            return nil
        }
        _ = try file.choice(kind, of: ["text_time"])
        return TextTime(
            width: try file.integer(width, in: 2...65_536), inputs: try file.integer(inputs, in: 1...1_048_576))
    }

    /// What would make another network.
    package static func requireNothingElse(_ file: NetworkConfiguration) throws {
        for field in [
            "num_attention_heads", "encoder_hid_dim", "encoder_hid_dim_type", "class_embed_type", "num_class_embeds",
            "time_embedding_dim", "time_embedding_act_fn", "timestep_post_act", "time_cond_proj_dim",
            "cross_attention_norm",
        ] { try file.require(field) }
        for field in [
            "center_input_sample", "dual_cross_attention", "resnet_skip_time_act", "class_embeddings_concat",
            "mid_block_only_cross_attention",
        ] { try file.require(field, .bool(false)) }
        for field in ["mid_block_scale_factor", "resnet_out_scale_factor"] { try file.require(field, .number(1)) }
        for field in ["conv_in_kernel", "conv_out_kernel"] { try file.require(field, .number(3)) }
        for field in ["resnet_time_scale_shift", "attention_type"] { try file.require(field, .text("default")) }
        try file.require("act_fn", .text("silu"), .text("swish"))
        try file.require("time_embedding_type", .text("positional"))
        try file.require("only_cross_attention", .bool(false))
        file.ignore(
            "sample_size", "dropout", "use_linear_projection", "upcast_attention", "addition_embed_type_num_heads")
        try file.requireNoOthers()
    }
}
