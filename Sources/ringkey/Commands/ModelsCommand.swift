import ArgumentParser
import InputErrors
import Models
import NoiseSchedules
import RingkeyKit

/// `ringkey models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Show what is in a model folder, and whether it loads.",
        discussion: """
            The folder has the layout that Optimum exports: model_index.json, unet/, vae_encoder/, vae_decoder/, \
            text_encoder/, tokenizer/ and scheduler/. A missing or unsuitable part is reported; the exit code is then 2.

            Example:
              ringkey models samples/grove
            """)

    @Argument(help: ArgumentHelp("Model folders. Default: as for --model.", valueName: "dir"))
    var folders: [String] = []

    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments

    func run() throws {
        var isLoadable = true
        for folder in folders.isEmpty ? [try ModelLocation.path(model.model)] : folders {
            let opened = try OpenModel(folder, options: model.options).model
            let scheduler = try opened.scheduler()
            let summary = try opened.summary()
            // Verification needs at least the empty prompt.
            _ = try opened.textEncoder?.encode([""])
            if output.json {
                try JSONLine.write(summary)
            } else {
                try StandardOutput.write(lines: Self.lines(summary, scheduler))
            }
            for graph in summary.graphs where graph.failure != nil {
                isLoadable = false
                Diagnostics.error(
                    InputError(
                        "\(folder)/\(graph.part.rawValue)", expected: "a graph that loads", found: graph.failure ?? "",
                        as: .modelGraph))
            }
        }
        if !isLoadable { throw ExitStatus.error }
    }

    private static func lines(_ summary: ModelSummary, _ scheduler: SchedulerConfiguration) -> [String] {
        let shift = summary.shiftFactor == 0 ? "" : ", shift \(summary.shiftFactor)"
        let schedule =
            "\(Printable.name(scheduler.className)): \(scheduler.description), \(scheduler.schedule.spacing.rawValue) spacing"
        let lines = [
            Printable.name(summary.path),
            "  digest      \(summary.digest)",
            "  pipeline    \(summary.pipeline.map(Printable.name) ?? "not named")",
            "  images      \(summary.imageHeight)×\(summary.imageWidth)",
            "  latents     \(summary.latentShape), scaling \(summary.scalingFactor)\(shift)",
            "  prediction  \(summary.predictionType.rawValue)",
            "  schedule    \(schedule)",
        ]
        return lines
            + summary.graphs.flatMap { graph in
                let load = graph.loadSeconds.map { "loads in \(Format.seconds($0)) s" } ?? "DOES NOT LOAD"
                return [
                    "  \(graph.part.rawValue): \(Format.count(graph.parameterCount)) parameters, "
                        + "\(Format.bytes(graph.fileSize)), \(load)",
                    "    in   \(graph.inputs.map { Printable.text($0.description) }.joined(separator: ", "))",
                    "    out  \(graph.outputs.map { Printable.text($0.description) }.joined(separator: ", "))",
                ]
            }
    }
}
