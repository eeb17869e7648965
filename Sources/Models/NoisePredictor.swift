import NoiseSchedules
import Tensors

/// The noise-predicting network of a diffusion model (a UNet), or anything that stands in its place.
public protocol NoisePredictor: Sendable {
    /// What `predict` returns.
    var predictionType: PredictionType { get }
    /// The shape of one latent.
    var latentShape: LatentShape { get }
    /// Whether guidance was distilled into the network: it is told the scale (`Conditioning.guidance`) in place of being
    /// asked twice. False unless given.
    var embedsGuidance: Bool { get }

    /// The model's output at one timestep for a batch of latents.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - timestep: on the training schedule, 0 ... T-1 (0 ... T for a rectified flow, then with fractions).
    ///   - conditioning: of a `TextEncoder`, one for each latent or one for all, or nil where the model takes none.
    /// - Returns: `[B, C, h, w]`.
    func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor
}

extension NoisePredictor {
    /// False.
    public var embedsGuidance: Bool { false }
}
