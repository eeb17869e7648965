import OnnxGraphs

/// diffusers' `UNet2DConditionModel` (Ronneberger et al. 2015; Rombach et al. 2022), as Stable Diffusion 1, 2 and XL have
/// it: residual blocks and transformers that attend to a text, once down to small images and once up again.
package struct UNet2DConditionModel: Sendable {
    /// What shapes it.
    package let configuration: UNet2DConditionConfiguration

    /// A network of that shape.
    package init(configuration: UNet2DConditionConfiguration) {
        self.configuration = configuration
    }

    /// What every block is told.
    package struct Conditions {
        /// silu of the time's embedding, `[B or 1, timeWidth]`.
        package let time: GraphValue
        /// `[B, tokens, textWidth]`.
        package let text: GraphValue
    }

    /// The noise, or what else the network was trained to predict.
    /// - Parameters:
    ///   - sample: `[B, C, h, w]`.
    ///   - timestep: `[B or 1]`, fractional where the caller likes.
    ///   - text: `[B, tokens, textWidth]`.
    ///   - added: pooled text `[B, P]` and sizes `[B, n]`; there if and only if the configuration has `textTime`.
    /// - Returns: as `sample`.
    package func predict(
        _ sample: FeatureMap, _ timestep: GraphValue, _ text: GraphValue,
        added: (text: GraphValue, sizes: GraphValue)? = nil, _ layers: Layers
    ) throws -> FeatureMap {
        let time = layers.silu(try embedding(timestep, added, layers))
        let conditions = Conditions(time: time, text: text)
        let stages = configuration.stages
        var x = try layers["conv_in"].conv(sample, stages[0].channels, isExact: true)
        var skips = [x]
        for index in stages.indices { x = try down(x, index, &skips, conditions, layers["down_blocks", index]) }
        x = try middle(x, conditions, layers["mid_block"])
        for (block, index) in stages.indices.reversed().enumerated() {
            x = try up(x, index, &skips, conditions, layers["up_blocks", block])
        }
        x = layers.silu(try norm(x, layers["conv_norm_out"]))
        return try layers["conv_out"].conv(x, configuration.latentChannels, isExact: true)
    }

    /// The time's embedding `[B or 1, timeWidth]`, sizes and pooled text included.
    private func embedding(
        _ timestep: GraphValue, _ added: (text: GraphValue, sizes: GraphValue)?, _ layers: Layers
    ) throws -> GraphValue {
        precondition((added != nil) == (configuration.textTime != nil), "conditions \(configuration)")
        let width = configuration.stages[0].channels
        let time = try projected(
            sinusoids(layers.reshape(timestep, [-1, 1]), width, layers), width, layers["time_embedding"])
        guard let added, let textTime = configuration.textTime else { return time }
        let sizes = sinusoids(layers.reshape(added.sizes, [0, -1, 1]), textTime.width, layers)
        let all = layers.concatenate([added.text, layers.reshape(sizes, [0, -1])], axis: -1)
        return layers.add(time, try projected(all, textTime.inputs, layers["add_embedding"]))
    }

    private func sinusoids(_ x: GraphValue, _ width: Int, _ layers: Layers) -> GraphValue {
        layers.sinusoids(
            x, width, cosineFirst: configuration.cosineFirst, shift: configuration.frequencyShift)
    }

    /// Two linear layers with silu between them.
    private func projected(_ x: GraphValue, _ inputs: Int, _ layers: Layers) throws -> GraphValue {
        let outputs = configuration.timeWidth
        let hidden = layers.silu(try layers["linear_1"].linear(x, inputs, outputs, isExact: true))
        return try layers["linear_2"].linear(hidden, outputs, outputs, isExact: true)
    }

    private func down(
        _ x: FeatureMap, _ index: Int, _ skips: inout [FeatureMap], _ conditions: Conditions, _ block: Layers
    ) throws -> FeatureMap {
        let stage = configuration.stages[index]
        var x = x
        for layer in 0..<stage.layers {
            x = try residual(x, stage.channels, conditions, block["resnets", layer])
            if stage.attendsDown {
                x = try transformer(x, stage, stage.downDepths[layer], conditions, block["attentions", layer])
            }
            skips.append(x)
        }
        guard index + 1 < configuration.stages.count else { return x }
        let before = configuration.downsamplePadding
        x = try block["downsamplers.0.conv"].conv(x, x.channels, stride: 2, padding: [before, before, 1, 1])
        skips.append(x)
        return x
    }

    private func middle(_ x: FeatureMap, _ conditions: Conditions, _ block: Layers) throws -> FeatureMap {
        let stage = configuration.stages[configuration.stages.count - 1]
        if configuration.middle == .nothing { return x }
        var x = try residual(x, stage.channels, conditions, block["resnets.0"])
        if case .attention(let depth) = configuration.middle {
            x = try transformer(x, stage, depth, conditions, block["attentions.0"])
            x = try residual(x, stage.channels, conditions, block["resnets.1"])
        }
        return x
    }

    private func up(
        _ x: FeatureMap, _ index: Int, _ skips: inout [FeatureMap], _ conditions: Conditions, _ block: Layers
    ) throws -> FeatureMap {
        let stage = configuration.stages[index]
        var x = x
        for layer in 0...stage.layers {
            x = block.concatenate([x, skips.removeLast()])
            x = try residual(x, stage.channels, conditions, block["resnets", layer])
            if stage.attendsUp {
                x = try transformer(x, stage, stage.upDepths[layer], conditions, block["attentions", layer])
            }
        }
        guard let skip = skips.last else { return x }
        return try block["upsamplers.0.conv"].conv(x, x.channels, enlargement: .toSize(of: skip))
    }
}
