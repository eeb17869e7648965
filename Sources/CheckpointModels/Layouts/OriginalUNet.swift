import InputErrors

/// The UNet of a single file, as CompVis' and Stability's `UNetModel` names its tensors: a flat list of blocks on the way
/// down and one on the way up, where diffusers has a block of several layers for each resolution.
package struct OriginalUNet {
    /// Below which the tensors are.
    package static let prefix = "model.diffusion_model."
    /// Of the heads, where linear layers project: SD 2 and XL. Where convolutions do, SD 1, there are always `fewHeads`.
    private static let headWidth = 64
    private static let fewHeads = 8

    private let tensors: PrefixedTensors
    private let levels: [Level]
    private let layersPerBlock: Int

    /// The layers of one resolution on the way down.
    private struct Level {
        /// Places in the list of input blocks.
        var blocks: [Int] = []
        /// Channels.
        var channels = 0
        /// Transformer blocks in every layer; 0 without attention.
        var depth = 0
    }

    /// Finds out how the blocks lie.
    /// - Throws: `InputError` naming a tensor that is missing, or a block that diffusers has no place for.
    package init(_ file: CheckpointWeights) throws {
        tensors = PrefixedTensors(file, below: Self.prefix)
        var levels = [Level()]
        for block in 1..<max(1, tensors.count("input_blocks")) {
            if tensors.has("input_blocks.\(block).0.op.weight") {
                levels.append(Level())
            } else {
                try Self.add(block, to: &levels[levels.count - 1], tensors)
            }
        }
        self.levels = levels
        layersPerBlock = levels[0].blocks.count
        for (index, level) in levels.enumerated() where level.blocks.count != layersPerBlock || layersPerBlock == 0 {
            throw Self.refusal(
                tensors, "input_blocks", "as many layers for each resolution",
                "\(level.blocks.count) for resolution \(index), \(layersPerBlock) for the first")
        }
        try requireSameWayUp()
    }

    private static func add(_ block: Int, to level: inout Level, _ tensors: PrefixedTensors) throws {
        let name = "input_blocks.\(block)"
        let channels = try tensors.shape("\(name).0.out_layers.3.weight", ranks: 4)[0]
        let depth = tensors.count("\(name).1.transformer_blocks")
        guard level.blocks.isEmpty || (channels, depth) == (level.channels, level.depth) else {
            throw refusal(
                tensors, name,
                "\(level.channels) channels and \(level.depth) transformer blocks, as in the layer before",
                "\(channels) and \(depth)")
        }
        level.blocks.append(block)
        (level.channels, level.depth) = (channels, depth)
    }

    /// diffusers' configurations describe both ways at once.
    private func requireSameWayUp() throws {
        let count = tensors.count("output_blocks")
        guard count == levels.count * (layersPerBlock + 1) else {
            throw Self.refusal(
                tensors, "output_blocks", "\(levels.count * (layersPerBlock + 1)) blocks", "\(count)")
        }
        for block in 0..<count {
            let depth = tensors.count("output_blocks.\(block).1.transformer_blocks")
            let expected = levels[levels.count - 1 - block / (layersPerBlock + 1)].depth
            guard depth == expected else {
                throw Self.refusal(
                    tensors, "output_blocks.\(block).1", "\(expected) transformer blocks, as on the way down",
                    "\(depth)")
            }
        }
    }

    private static func refusal(
        _ tensors: PrefixedTensors, _ name: String, _ expected: String, _ found: String
    ) -> InputError {
        InputError("\(tensors.file.name): \(prefix)\(name)", expected: expected, found: found, as: .unsupported)
    }

    // MARK: - Names

    /// The tensors by diffusers' names.
    package func weights() throws -> CheckpointWeights {
        try tensors.renamed { name, location in [Self.name(of: name, layersPerBlock) ?? Self.prefix + name: location] }
    }

    /// What diffusers calls a tensor; nil for one that is not known.
    private static func name(of tensor: String, _ layersPerBlock: Int) -> String? {
        let name = NamePattern(tensor)
        switch name[0] {
        case "input_blocks":
            guard let block = name.index(1) else { return nil }
            if block == 0 { return name[2] == "0" ? "conv_in." + name.rest(3) : nil }
            let (level, layer) = (block - 1).quotientAndRemainder(dividingBy: layersPerBlock + 1)
            return self.name(of: name, at: 2, in: "down_blocks.\(level)", layer)
        case "middle_block":
            guard let place = name.index(1), place < 3 else { return nil }
            return place == 1
                ? "mid_block.attentions.0." + name.rest(2)
                : name.rest(2, residual).map { "mid_block.resnets.\(place / 2)." + $0 }
        case "output_blocks":
            guard let block = name.index(1) else { return nil }
            let (level, layer) = block.quotientAndRemainder(dividingBy: layersPerBlock + 1)
            return self.name(of: name, at: 2, in: "up_blocks.\(level)", layer)
        default: return name.rest(0, outside)
        }
    }

    private static func name(of name: NamePattern, at place: Int, in block: String, _ layer: Int) -> String? {
        switch (name[place], name[place + 1]) {
        case ("0", "op"): "\(block).downsamplers.0.conv." + name.rest(place + 2)
        case ("0", _): name.rest(place + 1, residual).map { "\(block).resnets.\(layer)." + $0 }
        case ("1", "conv"), ("2", "conv"): "\(block).upsamplers.0.conv." + name.rest(place + 2)
        case ("1", _): "\(block).attentions.\(layer)." + name.rest(place + 1)
        default: nil
        }
    }

    private static let residual: KeyValuePairs = [
        "in_layers.0": "norm1", "in_layers.2": "conv1", "emb_layers.1": "time_emb_proj", "out_layers.0": "norm2",
        "out_layers.3": "conv2", "skip_connection": "conv_shortcut",
    ]
    private static let outside: KeyValuePairs = [
        "time_embed.0": "time_embedding.linear_1", "time_embed.2": "time_embedding.linear_2",
        "label_emb.0.0": "add_embedding.linear_1", "label_emb.0.2": "add_embedding.linear_2",
        "out.0": "conv_norm_out", "out.2": "conv_out",
    ]

    // MARK: - Configuration

    /// The fields of a `config.json` of `UNet2DConditionModel`.
    /// - Parameters:
    ///   - sampleSize: of the latents; no tensor tells it.
    ///   - pooledWidth: of the text embedding that is added to that of the time; 0 where there is none.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func configuration(sampleSize: Int, pooledWidth: Int) throws -> [String: ConfigurationValue] {
        let projection = "middle_block.1.proj_in.weight"
        let isLinear = try tensors.shape(projection, ranks: 2, 4).count == 2
        let middleDepth = tensors.count("middle_block.1.transformer_blocks")
        let context = "middle_block.1.transformer_blocks.0.attn2.to_k.weight"
        var fields: [String: ConfigurationValue] = [
            "_class_name": .text("UNet2DConditionModel"),
            "sample_size": .number(sampleSize),
            "in_channels": .number(try tensors.shape("input_blocks.0.0.weight", ranks: 4)[1]),
            "out_channels": .number(try tensors.shape("out.2.weight", ranks: 4)[0]),
            "block_out_channels": .numbers(levels.map(\.channels)),
            "layers_per_block": .number(layersPerBlock),
            "down_block_types": .list(levels.map { .text($0.depth > 0 ? "CrossAttnDownBlock2D" : "DownBlock2D") }),
            "up_block_types": .list(levels.reversed().map { .text($0.depth > 0 ? "CrossAttnUpBlock2D" : "UpBlock2D") }),
            "transformer_layers_per_block": .numbers(try depths(middleDepth)),
            "attention_head_dim": isLinear ? .numbers(try levels.map { try heads($0) }) : .number(Self.fewHeads),
            "cross_attention_dim": .number(try tensors.shape(context, ranks: 2)[1]),
            "use_linear_projection": .bool(isLinear),
        ]
        let added = "label_emb.0.0.weight"
        if tensors.has(added) {
            // Six numbers, sizes and crops, are embedded like the time and follow the text's embedding.
            let shape = try tensors.shape(added, ranks: 2)
            guard shape[1] > pooledWidth, (shape[1] - pooledWidth) % 6 == 0 else {
                throw tensors.refusal(
                    added, expected: "\(pooledWidth) numbers of a text and six embedded ones", found: shape)
            }
            fields["addition_embed_type"] = .text("text_time")
            fields["addition_time_embed_dim"] = .number((shape[1] - pooledWidth) / 6)
            fields["projection_class_embeddings_input_dim"] = .number(shape[1])
        }
        return fields
    }

    private func heads(_ level: Level) throws -> Int {
        guard level.channels > 0, level.channels % Self.headWidth == 0 else {
            throw Self.refusal(
                tensors, "input_blocks.\(level.blocks[0])", "channels in heads of \(Self.headWidth)",
                "\(level.channels) channels")
        }
        return level.channels / Self.headWidth
    }

    /// Of a level without attention none is needed, but that the middle block has the last one's.
    private func depths(_ middle: Int) throws -> [Int] {
        guard middle > 0, levels[levels.count - 1].depth == 0 || levels[levels.count - 1].depth == middle else {
            throw Self.refusal(
                tensors, "middle_block.1", "\(levels[levels.count - 1].depth) transformer blocks, as before it",
                "\(middle)")
        }
        return levels.dropLast().map { max(1, $0.depth) } + [middle]
    }
}
