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
            p-value. Default: \(Self.defaultLooks), or the one that --steps and --decoder-inversion name.
            """, valueName: "list"))
    var looks: String?

    @Flag(name: .long, help: "Take every look, even where one has decided.")
    var allLooks = false

    @OptionGroup var inversion: InversionArguments

    /// Chosen by measurement: docs/steps.md, and docs/one-step.md for models of one step.
    static let defaultLooks = "none/0,none/5,anderson:4/10"

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
        try inversion.settings(
            isSingle ? [inversion.look()] : Look.list(parsing: looks ?? Self.defaultLooks), scheduler.schedule)
    }
}
