import ArgumentParser
import OnnxModels

/// `ringkey models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Show what is in a model folder, and whether it loads.",
        discussion: """
            The folder is in the layout that Optimum exports: model_index.json, unet/, vae_encoder/, vae_decoder/, \
            text_encoder/, tokenizer/ and scheduler/. A missing or unfit part is named; exit code 2.

            Example:
              ringkey models samples/grove
            """)

    @Argument(help: ArgumentHelp("Model folders. Default: as for --model.", valueName: "dir"))
    var folders: [String] = []

    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments

    func run() throws {
        for folder in folders.isEmpty ? [try model.folderPath()] : folders {
            let summary = try ModelSummary(try model.open(folder))
            if output.json { try JSONLine.print(summary) } else { show(summary) }
        }
    }

    private func show(_ summary: ModelSummary) {
        print(summary.path)
        print("  digest      \(summary.digest)")
        print("  pipeline    \(summary.pipeline)")
        print("  images      \(summary.imageSize[0])×\(summary.imageSize[1])")
        let shift = summary.shiftFactor == 0 ? "" : ", shift \(summary.shiftFactor)"
        print(
            "  latents     \(summary.latentShape.map(String.init).joined(separator: "x")), scaling \(summary.scalingFactor)\(shift)"
        )
        print("  prediction  \(summary.predictionType)")
        print("  schedule    \(summary.scheduler): \(summary.schedule)")
        for part in summary.parts {
            print(
                "  \(part.part): \(Format.count(part.parameters)) parameters, \(Format.bytes(part.bytes)), loads in "
                    + "\(Format.seconds(part.loadSeconds)) s")
            print("    in   \(part.inputs.joined(separator: ", "))")
            print("    out  \(part.outputs.joined(separator: ", "))")
        }
        print("  runtime     \(summary.runtime)")
    }
}
