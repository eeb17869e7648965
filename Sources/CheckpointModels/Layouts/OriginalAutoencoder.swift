import InputErrors

/// The autoencoder of a single file, as CompVis' `Encoder` and `Decoder` name its tensors.
package struct OriginalAutoencoder {
    /// Below which the tensors may be in a checkpoint; an autoencoder alone has no prefix.
    package static let prefixes = ["first_stage_model.", "vae."]
    /// Of tensors of its training.
    private static let training = ["loss", "model_ema"]

    private let tensors: PrefixedTensors

    /// The tensors below a prefix.
    package init(_ file: CheckpointWeights, below prefix: String) { tensors = PrefixedTensors(file, below: prefix) }

    /// The tensors by diffusers' names.
    package func weights() throws -> CheckpointWeights {
        let upBlocks = tensors.count("decoder.up")
        return try tensors.renamed { tensor, location in
            let name = NamePattern(tensor)
            if Self.training.contains(String(name[0])) { return [:] }
            guard let new = Self.name(of: name, upBlocks) else { return [tensors.prefix + tensor: location] }
            return [new: name[1] == "mid" && name[2] == "attn_1" ? location.asMatrix : location]
        }
    }

    /// What diffusers calls a tensor; nil for one that is not known.
    private static func name(of name: NamePattern, _ upBlocks: Int) -> String? {
        let half = name[0]
        if half == "quant_conv" || half == "post_quant_conv" { return name.rest(0) }
        guard half == "encoder" || half == "decoder" else { return nil }
        switch name[1] {
        case "conv_in", "conv_out": return name.rest(0)
        case "norm_out": return "\(half).conv_norm_out." + name.rest(2)
        case "mid": return name.rest(2, middle).map { "\(half).mid_block." + $0 }
        case "down":
            guard let level = name.index(2) else { return nil }
            return block(name, "\(half).down_blocks.\(level)", "downsample", "downsamplers")
        case "up":
            // The lists of diffusers begin with the smallest images.
            guard let level = name.index(2), level < upBlocks else { return nil }
            return block(name, "\(half).up_blocks.\(upBlocks - 1 - level)", "upsample", "upsamplers")
        default: return nil
        }
    }

    private static func block(
        _ name: NamePattern, _ block: String, _ old: Substring, _ new: String
    ) -> String? {
        if name[3] == old { return "\(block).\(new).0." + name.rest(4) }
        guard name[3] == "block", let layer = name.index(4) else { return nil }
        return "\(block).resnets.\(layer)." + (name.rest(5, ["nin_shortcut": "conv_shortcut"]) ?? name.rest(5))
    }

    private static let middle: KeyValuePairs = [
        "block_1": "resnets.0", "block_2": "resnets.1", "attn_1.norm": "attentions.0.group_norm",
        "attn_1.q": "attentions.0.to_q", "attn_1.k": "attentions.0.to_k", "attn_1.v": "attentions.0.to_v",
        "attn_1.proj_out": "attentions.0.to_out.0",
    ]
}
