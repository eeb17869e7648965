import Attempts
import DecoderInversion
import Diffusion
import Verification

/// What was done to take one image or latent back, and how far the result is from the truth where that is known.
public struct InversionReport: Sendable {
    /// Evaluations of E∘D.
    public var evaluations = 0
    /// ‖E(D(z)) - E(x)‖ / ‖E(x)‖ at the result.
    public var residual: Double?
    /// The same at the encoder's latent.
    public var encoderResidual: Double?
    /// The smallest cocoercivity along the path.
    public var minimumCocoercivity: Double?
    /// Why decoder inversion ended; nil where there was none.
    public var ending: String?
    /// The solver of diffusion inversion; nil where there was none.
    public var solver: String?
    /// How its steps were inverted.
    public var inverse: String?
    /// Steps of diffusion inversion.
    public var steps: Int
    /// Calls of the model.
    public var modelCalls: Int?
    /// The largest relative residual of a step, of exact inversion.
    public var stepResidual: Double?
    /// Whether exact inversion did not converge and gave way to naive.
    public var fellBack: Bool?
    /// Error of the encoder's latent.
    public var encoderNMSEDb: Double?
    /// Error of the latent after decoder inversion.
    public var latentNMSEDb: Double?
    /// Error of the result.
    public var nmseDb: Double?
    /// The EXIF orientation of the image, 2 ... 8, which is not applied; nil where there is none.
    public var orientation: Int?
    /// Seconds spent.
    public var seconds = 0.0

    init(steps: Int) { self.steps = steps }

    mutating func note(_ outcome: DecoderInverter.Outcome, _ route: Route, minimumCocoercivity: Double?) {
        evaluations = outcome.evaluations
        residual = outcome.residual
        encoderResidual = outcome.encoderResidual
        self.minimumCocoercivity = minimumCocoercivity
        ending = route.decoderInversion.kind == .none ? nil : outcome.ending.rawValue
    }

    mutating func note(_ recovery: NoiseRecovery, _ route: Route, _ outcome: ExactInversion.Outcome?) {
        guard route.steps > 0 else { return }
        solver = recovery.solver.description
        inverse = recovery.settings.inverse.rawValue
        modelCalls = outcome?.modelCalls ?? route.steps
        stepResidual = outcome.flatMap { $0.residual.isFinite ? $0.residual : nil }
        fellBack = outcome?.fellBack
    }
}
