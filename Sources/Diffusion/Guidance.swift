import Tensors

/// Classifier-free guidance (Ho and Salimans 2022): ε = ε_u + scale·(ε_c - ε_u), both from one batch of two.
public struct Guidance: Sendable {
    /// 1 asks for the conditional output alone.
    public let scale: Double
    /// `[1, tokens, width]`, or nil for a model without conditioning.
    public let conditional: Tensor?
    /// `[1, tokens, width]` of the empty prompt; needed where the scale is not 1.
    public let unconditional: Tensor?

    public init(scale: Double, conditional: Tensor?, unconditional: Tensor?) {
        precondition(scale == 1 || unconditional != nil, "guidance \(scale) without the empty prompt's conditioning")
        self.scale = scale
        self.conditional = conditional
        self.unconditional = unconditional
    }

    /// The conditioning as it is, without guidance.
    public static func none(_ conditioning: Tensor?) -> Guidance {
        Guidance(scale: 1, conditional: conditioning, unconditional: nil)
    }

    /// The guided output for a batch of latents `[B, C, h, w]`.
    func predict(_ latents: Tensor, timestep: Int, with predictor: any NoisePredictor) throws -> Tensor {
        func conditioning(_ tensor: Tensor?) -> [Tensor] {
            tensor.map { [Tensor](repeating: $0, count: latents.batch) } ?? []
        }
        guard scale != 1 else {
            let conditional = conditioning(conditional)
            return try predictor.predict(
                latents, timestep: Double(timestep),
                conditioning: conditional.isEmpty ? nil : .concatenating(conditional))
        }
        let both = try predictor.predict(
            .concatenating([latents, latents]), timestep: Double(timestep),
            conditioning: .concatenating(conditioning(unconditional) + conditioning(conditional)))
        return .combination(
            (1 - scale, both.items(0..<latents.batch)), (scale, both.items(latents.batch..<2 * latents.batch)))
    }
}
