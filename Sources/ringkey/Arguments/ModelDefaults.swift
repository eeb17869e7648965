import Diffusion
import Verification

/// What a command does where no flag says it: it depends on how many steps the model is made for.
struct ModelDefaults {
    /// Steps to generate with.
    let steps: Int
    /// Guidance to generate with.
    let guidance: Double
    /// Steps of the one look that flags name in part.
    let inversionSteps: Int
    /// Looks of the verifier.
    let looks: String
    /// How steps are inverted.
    let inverse: NoiseRecovery.Inverse

    /// Decoder inversion of the one look that flags name in part.
    static let method = "anderson:4"

    /// Chosen by measurement: docs/steps.md.
    static let multiStep = ModelDefaults(
        steps: 50, guidance: 3, inversionSteps: 10, looks: "none/0,none/5,anderson:4/10", inverse: .naive)
    /// Chosen by measurement: docs/one-step.md.
    static let oneStep = ModelDefaults(
        steps: 1, guidance: 1, inversionSteps: 1, looks: "none/0,anderson:4/0,anderson:4/1", inverse: .exact)

    static func of(_ scheduler: SchedulerConfiguration) -> ModelDefaults {
        scheduler.isForOneStep ? oneStep : multiStep
    }
}
