import ArgumentParser
import DecoderInversion
import Tensors
import Verification

/// One way from an image to its noise.
struct InversionArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Steps of diffusion inversion; 0 for none. Default: \(Self.defaultSteps).", valueName: "n"))
    var steps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Decoder inversion: none, forward, km, adam or anderson, with :EVALUATIONS. Default: \(Self.defaultMethod).",
            valueName: "method"))
    var decoderInversion: String?

    @Option(
        name: .long, help: ArgumentHelp("What the image was asked for. Default: the empty prompt.", valueName: "text"))
    var prompt = ""

    @Option(
        name: .long, help: ArgumentHelp("Guidance of the inversion; 1 is right for unknown prompts.", valueName: "g"))
    var guidance = 1.0

    /// Chosen by measurement: docs/benchmarks.md.
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
    }

    func look() throws -> Look {
        Look(try Method(parsing: decoderInversion ?? Self.defaultMethod), steps: steps ?? Self.defaultSteps)
    }

    func settings(_ looks: [Look]) throws -> NoiseRecovery.Settings {
        NoiseRecovery.Settings(looks: looks, prompt: prompt, guidance: guidance)
    }
}
