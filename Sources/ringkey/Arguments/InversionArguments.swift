import ArgumentParser
import Attempts
import DecoderInversion
import Diffusion
import InputErrors
import NoiseSchedules
import RingkeyKit
import Verification

/// One route from an image to its noise.
struct InversionArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Diffusion inversion steps; 0 for none. Default: \(Self.defaultSteps).",
            valueName: "n"))
    var steps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "none, forward, km, adam or anderson, optionally with :EVALUATIONS. Default: \(Self.defaultMethod).",
            valueName: "method"))
    var decoderInversion: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ddim, dpm++1, dpm++2m, dpm++3m (optionally with -karras) or flow. Default: ddim; flow for a flow model.",
            valueName: "name"))
    var solver: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "naive: one model call per step. exact: solve each step; needs the known prompt and guidance.",
            valueName: "naive|exact"))
    var inverse = NoiseRecovery.Inverse.naive

    @Option(
        name: .long, help: ArgumentHelp("Prompt the image was made from. Default: the empty prompt.", valueName: "text")
    )
    var prompt = ""

    @Option(
        name: .long,
        help: ArgumentHelp("Guidance of the inversion; 1 is right if the prompt is unknown.", valueName: "g"))
    var guidance = 1.0

    /// Chosen by measurement: docs/steps.md.
    static let defaultSteps = 10
    static let defaultMethod = "anderson:4"

    func validate() throws {
        if let steps, steps < 0 { throw ValidationError("--steps takes 0 or more, found \(steps)") }
        if !guidance.isFinite || guidance < 0 || guidance > 100 {
            throw ValidationError("--guidance takes a number from 0 to 100, found \(guidance)")
        }
        do {
            _ = try route()
        } catch let error as InputError {
            throw ValidationError("--decoder-inversion: expected \(error.expected), found \(error.found)")
        }
        do {
            if let solver { _ = try Solver(parsing: solver) }
        } catch let error as InputError {
            throw ValidationError("--solver: expected \(error.expected), found \(error.found)")
        }
    }

    func route() throws -> Route {
        Route(
            try InversionMethod(parsing: decoderInversion ?? Self.defaultMethod), steps: steps ?? Self.defaultSteps)
    }

    func request(_ routes: [Route]?) throws -> RecoveryRequest {
        RecoveryRequest(
            routes: routes, solver: try solver.map { try Solver(parsing: $0) }, inverse: inverse, prompt: prompt,
            guidance: guidance)
    }
}

extension NoiseRecovery.Inverse: ExpressibleByArgument {}
