/// What a single file of tensors holds, told from names and shapes.
package enum FileContent: Equatable, Sendable {
    /// A whole model in the original layout.
    case model(OriginalLayout.Family)
    /// An autoencoder alone, with the names of its first training; the prefix of its tensors.
    case originalAutoencoder(prefix: String)
    /// An `AutoencoderKL` alone, with diffusers' names.
    case autoencoder
    /// An `AutoencoderTiny` alone, with diffusers' names.
    case tinyAutoencoder
    /// Something else: what, and a tensor that shows it.
    case other(String, evidence: String)

    /// Looks at the names of a file, and where they are the same, at shapes.
    package init(of file: CheckpointWeights) {
        let hasUNet = file.tensors.keys.contains { $0.hasPrefix(OriginalUNet.prefix + "input_blocks.") }
        if hasUNet, let other = Self.otherUNet(file) {
            self = other
        } else if hasUNet {
            self = Self.model(file)
        } else if let known = KnownContent.of(file) {
            self = .other(known.description, evidence: known.evidence)
        } else if let prefix = ([""] + OriginalAutoencoder.prefixes).first(where: {
            file.has($0 + "encoder.down.0.block.0.conv1.weight")
        }) {
            self = .originalAutoencoder(prefix: prefix)
        } else if file.has("encoder.down_blocks.0.resnets.0.conv1.weight") {
            self = .autoencoder
        } else if file.has("decoder.layers.0.weight") || file.has("encoder.layers.0.weight") {
            self = .tinyAutoencoder
        } else {
            self = .other("tensors of no known model", evidence: file.tensors.keys.min() ?? "none")
        }
    }

    private static let firstConvolution = OriginalUNet.prefix + "input_blocks.0.0.weight"

    /// UNets that take more than noisy latents, or other latents, and those of other families.
    private static func otherUNet(_ file: CheckpointWeights) -> FileContent? {
        let shape = file.tensors[firstConvolution]?.shape ?? []
        if shape.count == 4, shape[1] != 4 {
            let names = [
                5: "a depth model", 7: "an upscaler", 8: "an image editing model (InstructPix2Pix)",
                9: "an inpainting model",
            ]
            let name = names[shape[1]] ?? "a model"
            return .other("\(name) of \(shape[1]) input channels", evidence: firstConvolution)
        }
        let signs = [
            ("edm_mean", "Playground 2.5"), ("\(OriginalUNet.prefix)label_emb.weight", "a model of classes"),
            ("control_model.input_blocks.0.0.weight", "a ControlNet with its model"),
            ("\(OriginalUNet.prefix)input_blocks.1.0.time_stack.in_layers.0.weight", "a video model"),
        ]
        return signs.first { file.has($0.0) }.map { .other($0.1, evidence: $0.0) }
    }

    private static func model(_ file: CheckpointWeights) -> FileContent {
        func first(below prefix: String) -> String? { file.tensors.keys.filter { $0.hasPrefix(prefix) }.min() }
        let families = OriginalLayout.Family.allCases
        guard let family = families.first(where: { family in family.encoders.allSatisfy { $0.isThere(in: file) } })
        else {
            if let refiner = first(below: "conditioner.embedders.0.model.") {
                return .other("the refiner of Stable Diffusion XL", evidence: refiner)
            }
            return .other("a UNet without text encoder", evidence: firstConvolution)
        }
        guard OriginalAutoencoder.prefixes.contains(where: { first(below: $0) != nil }) else {
            return .other("a UNet without autoencoder", evidence: firstConvolution)
        }
        let added = OriginalUNet.prefix + "label_emb.0.0.weight"
        guard file.has(added) == (family == .stableDiffusionXL) else {
            return .other("an image variation model (unCLIP)", evidence: added)
        }
        return .model(family)
    }
}
