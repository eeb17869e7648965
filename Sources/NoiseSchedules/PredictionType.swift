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
