import InputErrors

/// `config.json` of diffusers' `UNet2DConditionModel`, as far as it matters.
package struct UNet2DConditionConfiguration: Sendable, Equatable {
    /// The blocks of one size of images, on the way down and on the way up.
    package struct Stage: Sendable, Equatable {
        /// Of the images.
        package let channels: Int
        /// Of each attention.
        package let heads: Int
        /// Residual blocks on the way down; the way up has one more.
        package let layers: Int
        /// Whether residual blocks are followed by transformers on the way down.
        package let attendsDown: Bool
        /// Whether they are on the way up.
        package let attendsUp: Bool
        /// Transformer blocks for each residual block on the way down.
        package let downDepths: [Int]
        /// Transformer blocks for each residual block on the way up.
        package let upDepths: [Int]
    }

    /// What is between the way down and the way up.
    package enum Middle: Sendable, Equatable {
        case nothing
        /// One residual block.
        case residual
        /// An attention between two residual blocks.
        case attention(depth: Int)
    }

    /// Sizes and pooled text among the conditions, as XL has them.
    package struct TextTime: Sendable, Equatable {
        /// Of the sinusoids of each size; even.
        package let width: Int
        /// Width of all sinusoids and the pooled text together.
        package let inputs: Int
    }

    /// C of the latents.
    package let latentChannels: Int
    /// From the largest images to the smallest.
    package let stages: [Stage]
    package let middle: Middle
    /// Width of the text's tokens.
    package let textWidth: Int
    /// Of the group norms.
    package let groups: Int
    /// Of the residual blocks' norms.
    package let epsilon: Double
    /// Of the convolutions that halve images: 0, then below and to the right only, or 1.
    package let downsamplePadding: Int
    /// Whether the sinusoids begin with the cosines.
    package let cosineFirst: Bool
    /// `freq_shift` of the sinusoids.
    package let frequencyShift: Int
    package let textTime: TextTime?
    /// Height and width of the latents that it was trained on.
    package let sampleSize: [Int]?

    /// Width of the time's embedding.
    package var timeWidth: Int { 4 * stages[0].channels }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        latentChannels = try Self.channels(file)
        stages = try Self.stages(file)
        middle = try Self.middle(file, stages[stages.count - 1])
        groups = try file.integer("norm_num_groups", default: 32, in: 1...16_384)
        epsilon = try file.number("norm_eps", default: 1e-5)
        downsamplePadding = try file.integer("downsample_padding", default: 1, in: 0...1)
        cosineFirst = try file.flag("flip_sin_to_cos", default: true)
        frequencyShift = try file.integer("freq_shift", default: 0, in: 0...1)
        let count = stages.count...stages.count
        let widths = try file.integers("cross_attention_dim", default: [1280], count: count, in: 1...65_536)
        textWidth = widths[0]
        textTime = try Self.textTime(file)
        sampleSize = try file.has("sample_size") ? file.integers("sample_size", count: 1...2, in: 1...16_384) : nil
        try Self.requireNothingElse(file)
        guard widths.allSatisfy({ $0 == widths[0] }) else {
            throw file.refusal("cross_attention_dim", "one width", .list(widths.map { .number(Double($0)) }))
        }
        guard epsilon > 0 else { throw file.refusal("norm_eps", "a number above 0", .number(epsilon)) }
        try requireHeads(file)
        try requireSinusoids(stages[0].channels, file, "block_out_channels")
        if let textTime { try requireSinusoids(textTime.width, file, "addition_time_embed_dim") }
    }

    private func requireHeads(_ file: NetworkConfiguration) throws {
        for (index, stage) in stages.enumerated() where stage.channels % stage.heads != 0 {
            let isMiddle = index + 1 == stages.count && middle != .nothing && middle != .residual
            guard !stage.attendsDown, !stage.attendsUp, !isMiddle else {
                throw file.refusal(
                    "attention_head_dim", "heads that share \(stage.channels) channels", .number(Double(stage.heads)))
            }
        }
    }

    private func requireSinusoids(_ width: Int, _ file: NetworkConfiguration, _ field: String) throws {
        guard width % 2 == 0, width / 2 > frequencyShift else {
            throw file.refusal(field, "an even number above \(2 * frequencyShift)", .number(Double(width)))
        }
    }
}
