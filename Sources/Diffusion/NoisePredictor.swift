import Tensors

/// What a diffusion model's output stands for.
public enum PredictionType: String, Sendable, Codable, CaseIterable {
    /// The noise ε.
    case epsilon
    /// v = α·ε - σ·x₀ (Salimans and Ho 2022).
    case vPrediction = "v_prediction"
    /// The clean latent x₀.
    case sample
    /// The velocity ε - x₀ of a rectified flow from clean to noise (the sign of diffusers, SD 3 and Flux).
    case flow = "flow_prediction"
    /// The velocity x₀ - ε of a rectified flow from noise to clean (Liu et al. 2023; the sign of InstaFlow, whose one step
    /// is z_0 = z_T + v).
    case velocity
}

/// The noise-predicting network of a diffusion model (a UNet), or anything that stands in its place.
public protocol NoisePredictor: Sendable {
    /// What `predict` returns.
    var predictionType: PredictionType { get }
    /// The shape of one latent.
    var latentShape: LatentShape { get }

    /// The model's output at one timestep for a batch of latents.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - timestep: on the training schedule, 0 ... T-1 (0 ... T for a rectified flow, then with fractions).
    ///   - conditioning: `[B, tokens, width]` from a `TextEncoder`, or nil where the model takes none.
    /// - Returns: `[B, C, h, w]`.
    func predict(_ latents: Tensor, timestep: Double, conditioning: Tensor?) throws -> Tensor
}
