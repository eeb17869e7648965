import ArgumentParser
import DecoderInversion
import Diffusion
import Tensors
import Verification

/// One way from an image to its noise.
struct InversionArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Steps of diffusion inversion; 0 for none. Default: \(Self.defaultSteps).",
            valueName: "n"))
    var steps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Decoder inversion: none, forward, km, adam or anderson, with :EVALUATIONS. Default: \(Self.defaultMethod).",
            valueName: "method"))
    var decoderInversion: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ddim, dpm++1, dpm++2m, dpm++3m (with -karras if wanted) or flow. Default: ddim; flow for a flow model.",
            valueName: "name"))
    var solver: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "naive: one call of the model a step. exact: solves each step, where prompt and guidance are known.",
            valueName: "naive|exact"))
    var inverse = NoiseRecovery.Inverse.naive

    @Option(
        name: .long, help: ArgumentHelp("What the image was asked for. Default: the empty prompt.", valueName: "text"))
    var prompt = ""

    @Option(
        name: .long, help: ArgumentHelp("Guidance of the inversion; 1 is right for unknown prompts.", valueName: "g"))
    var guidance = 1.0

    /// Chosen by measurement: docs/steps.md.
    static let defaultSteps = 10
    static let defaultMethod = "anderson:4"

    func validate() throws {
        if let steps, steps < 0 { throw ValidationError("--steps takes a number from 0, found \(steps)") }
        if !guidance.isFinite || guidance < 0 || guidance > 100 {
            throw ValidationError("--guidance takes a number from 0 to 100, found \(guidance)")
        }
        do {
            _ = try look()
        } catch let error as InputError {
            throw ValidationError("--decoder-inversion: expected \(error.expected), found \(error.found)")
        }
        do {
            if let solver { _ = try Solver(parsing: solver) }
        } catch let error as InputError {
            throw ValidationError("--solver: expected \(error.expected), found \(error.found)")
        }
    }

    func look() throws -> Look {
        Look(try InversionMethod(parsing: decoderInversion ?? Self.defaultMethod), steps: steps ?? Self.defaultSteps)
    }

    /// - Parameter schedule: of the model, for the default solver.
    func settings(_ looks: [Look], _ schedule: NoiseSchedule) throws -> NoiseRecovery.Settings {
        let solver =
            try self.solver.map { try Solver(parsing: $0).ending(as: schedule) }
            ?? (schedule.isRectifiedFlow ? .flow : .ddim)
        return NoiseRecovery.Settings(
            looks: looks, solver: solver, inverse: inverse, prompt: prompt, guidance: guidance)
    }
}

extension NoiseRecovery.Inverse: ExpressibleByArgument {}
