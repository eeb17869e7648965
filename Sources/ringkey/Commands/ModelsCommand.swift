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
            if output.json { try JSONLine.print(summary) } else { show(summary, scheduler) }
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

    private func show(_ summary: ModelSummary, _ scheduler: SchedulerConfiguration) {
        print(summary.path)
        print("  digest      \(summary.digest)")
        print("  pipeline    \(summary.pipeline ?? "not named")")
        print("  images      \(summary.imageHeight)×\(summary.imageWidth)")
        let shift = summary.shiftFactor == 0 ? "" : ", shift \(summary.shiftFactor)"
        print("  latents     \(summary.latentShape), scaling \(summary.scalingFactor)\(shift)")
        print("  prediction  \(summary.predictionType.rawValue)")
        print(
            "  schedule    \(scheduler.className): \(scheduler.description), \(scheduler.schedule.spacing.rawValue) spacing"
        )
        for graph in summary.graphs {
            let load = graph.loadSeconds.map { "loads in \(Format.seconds($0)) s" } ?? "DOES NOT LOAD"
            print(
                "  \(graph.part.rawValue): \(Format.count(graph.parameterCount)) parameters, "
                    + "\(Format.bytes(graph.fileSize)), \(load)")
            print("    in   \(graph.inputs.map(\.description).joined(separator: ", "))")
            print("    out  \(graph.outputs.map(\.description).joined(separator: ", "))")
        }
    }
}
