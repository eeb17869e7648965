import Models
import Tensors

/// Classifier-free guidance (Ho and Salimans 2022): m = m_u + scale·(m_c - m_u), both outputs from one batch of two. A
/// network that guidance was distilled into (Meng et al. 2023) is told the scale and asked for m at once.
public struct Guidance: Sendable {
    /// 1 asks for the conditional output alone, 0 for the unconditional one; above 1 as a rule.
    public let scale: Double
    /// One for all latents or one for each; nil for a model without conditioning.
    public let conditional: Conditioning?
    /// Of the empty prompt, one for all or one for each; needed where the scale is not 1.
    public let unconditional: Conditioning?

    /// Guidance with both conditionings, or with a scale of 1 and any one or none.
    public init(scale: Double, conditional: Conditioning?, unconditional: Conditioning?) {
        precondition(
            scale == 1 || (conditional != nil && unconditional != nil),
            "guidance \(scale) with \(conditional == nil ? "no" : "a") conditioning and \(unconditional == nil ? "no" : "an") empty one"
        )
        self.scale = scale
        self.conditional = conditional
        self.unconditional = unconditional
    }

    /// The conditioning as it is, without guidance.
    public static func none(_ conditioning: Conditioning?) -> Guidance {
        Guidance(scale: 1, conditional: conditioning, unconditional: nil)
    }

    /// The guided output for a batch of latents `[B, C, h, w]`. With guidance the model sees one batch of 2·B, the
    /// unconditional half first, as diffusers' pipelines have it.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`, one for each conditioning, or any number for a single conditioning.
    ///   - timestep: on the training schedule.
    ///   - predictor: the model.
    /// - Returns: `[B, C, h, w]`.
    /// - Throws: what the predictor throws.
    public func predict(
        _ latents: Tensor, timestep: Double, with predictor: any NoisePredictor
    ) throws -> Tensor {
        let batch = latents.batch
        guard !predictor.embedsGuidance else {
            return try predictor.predict(
                latents, timestep: timestep, conditioning: conditional?.spread(over: batch).guided(by: scale))
        }
        guard scale != 1, let conditional, let unconditional else {
            return try predictor.predict(
                latents, timestep: timestep, conditioning: conditional?.spread(over: batch))
        }
        let both = try predictor.predict(
            .concatenating([latents, latents]), timestep: timestep,
            conditioning: .concatenating(
                [unconditional.spread(over: batch), conditional.spread(over: batch)]))
        return .combination((1 - scale, both.items(0..<batch)), (scale, both.items(batch..<2 * batch)))
    }

    /// The guidance of some of the latents that this one is for.
    func restricted(to items: [Int]) -> Guidance {
        func own(_ conditioning: Conditioning?) -> Conditioning? {
            guard let conditioning, conditioning.batch > 1 else { return conditioning }
            return .concatenating(items.map { conditioning.item($0) })
        }
        return Guidance(scale: scale, conditional: own(conditional), unconditional: own(unconditional))
    }
}
