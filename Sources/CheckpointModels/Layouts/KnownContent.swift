/// Kinds of files that are no whole model and no autoencoder, each with the parts of names by which it is known.
package struct KnownContent {
    /// What such a file is called.
    package let description: String
    /// A tensor that shows it.
    package let evidence: String

    private enum Sign {
        case begin(String)
        case contain(String)
        case end(String)

        func matches(_ name: String) -> Bool {
            switch self {
            case .begin(let text): name.hasPrefix(text)
            case .contain(let text): name.contains(text)
            case .end(let text): name.hasSuffix(text)
            }
        }
    }

    /// In the order in which they are looked for: a LoRA has the names of what it changes too.
    private static let kinds: [(description: String, signs: [Sign])] = [
        (
            "a LoRA",
            [
                .begin("lora_"), .contain(".lora_"), .contain("lora_down"), .contain("lora.down"),
                .contain("_lora."), .contain(".hada_w1"), .contain(".lokr_w1"), .end(".dora_scale"), .end(".diff"),
            ]
        ),
        ("a textual inversion", [.begin("string_to_param"), .begin("emb_params")]),
        (
            "a ControlNet",
            [
                .begin("control_model."), .begin("controlnet_"), .begin("zero_convs."), .begin("input_hint_block."),
            ]
        ),
        ("an IP-Adapter", [.begin("image_proj."), .begin("ip_adapter.")]),
        ("a T2I-Adapter", [.begin("adapter.body."), .begin("body.0.")]),
        ("a motion module", [.contain("motion_modules.")]),
        ("Stable Diffusion 3 in its original layout", [.contain("joint_blocks.")]),
        ("FLUX in its original layout", [.contain("double_blocks.")]),
        (
            "a transformer without its other parts",
            [.begin("transformer_blocks."), .begin("single_transformer_blocks.")]
        ),
        ("a T5 text encoder", [.contain(".SelfAttention.q.weight")]),
        ("a CLIP image encoder", [.contain("vision_model."), .begin("visual.")]),
        (
            "a text encoder",
            [
                .contain("text_model.embeddings."), .begin("transformer.resblocks."), .begin("cond_stage_model."),
                .begin("conditioner."),
            ]
        ),
        (
            "a UNet without its other parts",
            [
                .begin(OriginalUNet.prefix), .begin("input_blocks."), .begin("down_blocks."), .begin("unet."),
            ]
        ),
        ("half of a tiny autoencoder", [.begin("taesd_"), .begin("3.conv.0.")]),
        ("an upscaler", [.begin("conv_first."), .begin("model.0.")]),
    ]

    /// The first kind of which a file has a tensor; nil for none.
    package static func of(_ file: CheckpointWeights) -> KnownContent? {
        let names = file.tensors.keys.sorted()
        for kind in kinds {
            if let name = names.first(where: { name in kind.signs.contains { $0.matches(name) } }) {
                return KnownContent(description: kind.description, evidence: name)
            }
        }
        // One or two embeddings of tokens, named after the word they are for, or after the encoder.
        if let first = names.first, names.count <= 2, file.tensors.values.allSatisfy(isEmbedding) {
            return KnownContent(description: "a textual inversion", evidence: first)
        }
        return nil
    }

    private static func isEmbedding(_ tensor: TensorLocation) -> Bool {
        let widths = [768, 1024, 1280]
        return (1...2).contains(tensor.shape.count) && widths.contains(tensor.shape[tensor.shape.count - 1])
    }
}
