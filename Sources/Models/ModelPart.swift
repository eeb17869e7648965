/// The parts of a diffusion model; the raw value is the name of its folder in the layouts of diffusers and Optimum.
public enum ModelPart: String, CaseIterable, Sendable, Codable {
    case unet
    case vaeEncoder = "vae_encoder"
    case vaeDecoder = "vae_decoder"
    case textEncoder = "text_encoder"
    case tokenizer
    case scheduler

    /// Parts that are graphs.
    public static let graphs: [ModelPart] = [.unet, .vaeEncoder, .vaeDecoder, .textEncoder]
}
