import ArgumentParser
import DecoderInversion
import Tensors
import Verification

/// How images are taken back to noise.
struct RecoveryArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Steps of diffusion inversion; 0 for none.", valueName: "n"))
    var steps = Self.defaultSteps

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Decoder inversion: none, forward, km, adam or anderson, with :EVALUATIONS.", valueName: "method"))
    var decoderInversion = Self.defaultDecoderInversion

    @Option(
        name: .long, help: ArgumentHelp("What the image was asked for. Default: the empty prompt.", valueName: "text"))
    var prompt = ""

    @Option(
        name: .long, help: ArgumentHelp("Guidance of the inversion; 1 is right for unknown prompts.", valueName: "g"))
    var guidance = 1.0

    /// Chosen by measurement: docs/benchmarks.md.
    static let defaultSteps = 10
    static let defaultDecoderInversion = "anderson:4"

    func validate() throws {
        if steps < 0 { throw ValidationError("--steps takes a number from 0, found \(steps)") }
        if !guidance.isFinite || guidance < 0 || guidance > 100 {
            throw ValidationError("--guidance takes a number from 0 to 100, found \(guidance)")
        }
        do {
            _ = try Method(parsing: decoderInversion)
        } catch let error as InputError {
            throw ValidationError("--decoder-inversion: expected \(error.expected), found \(error.found)")
        }
    }

    func settings() throws -> NoiseRecovery.Settings {
        NoiseRecovery.Settings(
            decoderInversion: try Method(parsing: decoderInversion), steps: steps, prompt: prompt, guidance: guidance)
    }
}
