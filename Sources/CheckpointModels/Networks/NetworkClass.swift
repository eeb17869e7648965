import InputErrors

/// The classes of networks that there are, by the names that diffusers gives them.
package enum NetworkClass {
    /// The autoencoder of a part.
    /// - Throws: `InputError` for a class that is not supported, or a configuration that is not.
    package static func autoencoder(_ part: CheckpointPart) throws -> any AutoencoderNetwork {
        switch part.className {
        case "AutoencoderKL": AutoencoderKL(configuration: try .init(part.configuration))
        case "AutoencoderTiny": AutoencoderTiny(configuration: try .init(part.configuration))
        default: throw refusal(part, "AutoencoderKL or AutoencoderTiny")
        }
    }

    /// The network of a part that predicts noise or velocity.
    /// - Throws: `InputError` for a class that is not supported, or a configuration that is not.
    package static func denoiser(_ part: CheckpointPart) throws -> any DenoisingNetwork {
        switch part.className {
        case "UNet2DConditionModel": UNet2DConditionModel(configuration: try .init(part.configuration))
        case "SD3Transformer2DModel": SD3Transformer2DModel(configuration: try .init(part.configuration))
        case "FluxTransformer2DModel": FluxTransformer2DModel(configuration: try .init(part.configuration))
        default: throw refusal(part, "UNet2DConditionModel, SD3Transformer2DModel or FluxTransformer2DModel")
        }
    }

    /// The text encoder of a part.
    /// - Throws: `InputError` for a class that is not supported, or a configuration that is not.
    package static func textEncoder(_ part: CheckpointPart) throws -> any TextNetwork {
        switch part.className {
        case "CLIPTextModel": CLIPText(configuration: try .init(part.configuration), isProjected: false)
        case "CLIPTextModelWithProjection": CLIPText(configuration: try .init(part.configuration), isProjected: true)
        case "T5EncoderModel": T5Encoder(configuration: try .init(part.configuration))
        default: throw refusal(part, "CLIPTextModel, CLIPTextModelWithProjection or T5EncoderModel")
        }
    }

    private static func refusal(_ part: CheckpointPart, _ expected: String) -> InputError {
        InputError(part.name, expected: "a network of the class \(expected)", found: part.className, as: .unsupported)
    }
}
