import InputErrors

/// A text encoder of a single file: transformers' CLIP, or OpenCLIP's, which names its tensors otherwise and has queries,
/// keys and values in one matrix.
package struct OriginalTextEncoder {
    /// Whose names the tensors have.
    package enum Layout {
        /// transformers', with or without `text_model.`: SD 1 and the first encoder of XL.
        case clip
        /// OpenCLIP's: SD 2 and the second encoder of XL.
        case openCLIP
    }

    /// Of the heads, in every CLIP that Stable Diffusion has.
    private static let headWidth = 64
    private static let inner = "text_model."

    private let tensors: PrefixedTensors
    private let layout: Layout
    private let hasProjection: Bool
    /// That are used.
    private let layers: Int

    /// The tensors below a prefix.
    /// - Parameter hasProjection: whether the pooled text is wanted too.
    package init(_ file: CheckpointWeights, below prefix: String, _ layout: Layout, hasProjection: Bool) {
        tensors = PrefixedTensors(file, below: prefix)
        self.layout = layout
        self.hasProjection = hasProjection
        switch layout {
        case .clip: layers = max(tensors.count("text_model.encoder.layers"), tensors.count("encoder.layers"))
        case .openCLIP:
            // SD 2 takes the hidden state before the last of 24 layers; files made of diffusers' folders have the other 23.
            let count = tensors.count("transformer.resblocks")
            layers = hasProjection || count == 23 ? count : max(0, count - 1)
        }
    }

    /// The tensors by transformers' names, with `text_model.`. OpenCLIP's projection is not transposed, so it has another name
    /// than transformers' `text_projection.weight`, its own: `text_projection` is `[width, projection]`.
    package func weights() throws -> CheckpointWeights {
        try tensors.renamed { name, location in
            switch layout {
            case .clip: Self.clip(name, location)
            case .openCLIP: try openCLIP(name, location)
            }
        }
    }

    private static func clip(_ tensor: String, _ location: TensorLocation) -> [String: TensorLocation] {
        let name = tensor.hasPrefix(inner) ? tensor : inner + tensor
        return name == inner + "embeddings.position_ids" ? [:] : [name: location]
    }

    private func openCLIP(_ tensor: String, _ location: TensorLocation) throws -> [String: TensorLocation] {
        switch tensor {
        case "logit_scale", "attn_mask": return [:]
        case "text_projection": return hasProjection ? ["text_projection": location] : [:]
        case "positional_embedding": return [Self.inner + "embeddings.position_embedding.weight": location]
        default: break
        }
        let name = NamePattern(tensor)
        if name[0] == "visual" { return [:] }
        if let new = name.rest(0, Self.outside) { return [Self.inner + new: location] }
        guard name[0] == "transformer", name[1] == "resblocks", let layer = name.index(2) else {
            return [tensors.prefix + tensor: location]
        }
        guard layer < layers else { return [:] }
        let block = Self.inner + "encoder.layers.\(layer)."
        if let new = name.rest(3, Self.block) { return [block + new: location] }
        guard name[3] == "attn", let kind = ["in_proj_weight": "weight", "in_proj_bias": "bias"][name[4]] else {
            return [tensors.prefix + tensor: location]
        }
        guard let rows = location.shape.first, rows % 3 == 0 else {
            throw tensors.refusal(tensor, expected: "rows for queries, keys and values", found: location.shape)
        }
        let thirds = ["q_proj", "k_proj", "v_proj"].enumerated().map { index, module in
            let start = index * (rows / 3)
            return ("\(block)self_attn.\(module).\(kind)", location.rows(start..<start + rows / 3))
        }
        return Dictionary(uniqueKeysWithValues: thirds)
    }

    private static let outside: KeyValuePairs = [
        "token_embedding": "embeddings.token_embedding", "ln_final": "final_layer_norm",
    ]
    private static let block: KeyValuePairs = [
        "ln_1": "layer_norm1", "ln_2": "layer_norm2", "attn.out_proj": "self_attn.out_proj", "mlp.c_fc": "mlp.fc1",
        "mlp.c_proj": "mlp.fc2",
    ]

    /// The fields of a `config.json` of `CLIPTextModel` or `CLIPTextModelWithProjection`. The ids of tokens are those of
    /// CLIP's vocabulary, the last two of which begin and end a text; OpenCLIP's encoders are fed with 0 after the end.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func configuration() throws -> [String: ConfigurationValue] {
        let weights = PrefixedTensors(try weights(), below: Self.inner)
        let vocabulary = try weights.shape("embeddings.token_embedding.weight", ranks: 2)
        let width = vocabulary[1]
        guard width > 0, width % Self.headWidth == 0 else {
            throw weights.refusal(
                "embeddings.token_embedding.weight", expected: "a width in heads of \(Self.headWidth)",
                found: vocabulary)
        }
        let end = vocabulary[0] - 1
        var fields: [String: ConfigurationValue] = [
            "architectures": .list([.text(hasProjection ? "CLIPTextModelWithProjection" : "CLIPTextModel")]),
            "vocab_size": .number(vocabulary[0]),
            "hidden_size": .number(width),
            "max_position_embeddings": .number(
                try weights.shape("embeddings.position_embedding.weight", ranks: 2)[0]),
            "num_hidden_layers": .number(layers),
            "num_attention_heads": .number(width / Self.headWidth),
            "intermediate_size": .number(try weights.shape("encoder.layers.0.mlp.fc1.weight", ranks: 2)[0]),
            "hidden_act": .text(layout == .clip ? "quick_gelu" : "gelu"),
            "layer_norm_eps": .number(1e-5),
            "bos_token_id": .number(end - 1),
            "eos_token_id": .number(end),
            "pad_token_id": .number(layout == .clip ? end : 0),
        ]
        if hasProjection { fields["projection_dim"] = .number(try tensors.shape("text_projection", ranks: 2)[1]) }
        return fields
    }

    /// The width of the pooled text.
    package func pooledWidth() throws -> Int { try tensors.shape("text_projection", ranks: 2)[1] }
}
