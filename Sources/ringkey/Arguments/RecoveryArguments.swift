import ArgumentParser
import Diffusion
import Tensors
import Verification

/// How images are taken back to noise, in looks.
struct RecoveryArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Ways to take in turn until one decides, METHOD/STEPS with commas between them; each is paid for in the \
            p-value. Default: \(ModelDefaults.multiStep.looks), for a one-step model \(ModelDefaults.oneStep.looks), or the one that \
            --steps and --decoder-inversion name.
            """, valueName: "list"))
    var looks: String?

    @Flag(name: .long, help: "Take every look, even where one has decided.")
    var allLooks = false

    @OptionGroup var inversion: InversionArguments

    func validate() throws {
        guard let looks else { return }
        if inversion.steps != nil || inversion.decoderInversion != nil {
            throw ValidationError("--looks says all that --steps and --decoder-inversion say: give one or the other")
        }
        do {
            _ = try Look.list(parsing: looks)
        } catch let error as InputError {
            throw ValidationError("--looks: expected \(error.expected), found \(error.found)")
        }
    }

    /// Whether one look is named by its parts.
    var isSingle: Bool { inversion.steps != nil || inversion.decoderInversion != nil }

    /// - Parameter scheduler: of the model.
    func settings(_ scheduler: SchedulerConfiguration) throws -> NoiseRecovery.Settings {
        let defaults = ModelDefaults.of(scheduler)
        return try inversion.settings(
            isSingle ? [inversion.look(defaults)] : Look.list(parsing: looks ?? defaults.looks), scheduler)
    }
}
