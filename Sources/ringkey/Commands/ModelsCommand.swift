import ArgumentParser
import InputErrors
import Models
import NoiseSchedules
import RingkeyKit

/// `ringkey models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Show what a model is, whether it loads, and what it can be used for.",
        discussion: """
            A model is a folder as diffusers saves it or as the hub's cache has it (vae/ alone is enough for looks without \
            diffusion steps), an autoencoder's folder, one .safetensors file, or an export of Optimum (vae_encoder/, \
            vae_decoder/). A missing or unsuitable part is reported; the exit code is then 2.

            --check makes the model work: a picture through encoder and decoder, an image generated with the mark of a \
            new key and verified, with seconds and memory of every part, as a table to paste into a report.

            Examples:
              ringkey models samples/grove
              ringkey models stable-diffusion-2-1 --check
            """)

    @Argument(help: ArgumentHelp("Models. Default: as for --model.", valueName: "path"))
    var folders: [String] = []

    @Flag(name: .long, help: "Make the model work, and say how well and how fast it does.")
    var check = false

    @Option(name: .long, help: ArgumentHelp("Steps of the image that --check makes. Default: 10.", valueName: "n"))
    var steps: Int?

    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments

    func validate() throws {
        if let steps {
            guard check else { throw ValidationError("--steps is for --check") }
            guard steps >= 1 else { throw ValidationError("--steps takes 1 or more, found \(steps)") }
        }
    }

    func run() throws {
        var isLoadable = true
        for folder in folders.isEmpty ? [try ModelLocation.path(model.model)] : folders {
            guard !check else {
                isLoadable = try check(OpenModel(folder, options: model.options(forImages: 1))) && isLoadable
                continue
            }
            let opened = try OpenModel(folder, options: model.options(forImages: 1)).model
            let scheduler = opened.noisePredictor == nil ? nil : try opened.scheduler()
            let summary = try opened.summary()
            // Verification needs at least the empty prompt.
            _ = try opened.textEncoder?.encode([""])
            if output.json {
                try JSONLine.write(summary)
            } else {
                try StandardOutput.write(
                    lines: Self.lines(summary, scheduler) + (summary.isLoadable ? Self.looks(opened) : []))
            }
            for graph in summary.graphs where graph.failure != nil {
                isLoadable = false
                Diagnostics.error(
                    InputError(
                        "\(folder)/\(graph.part)", expected: "a graph that loads", found: graph.failure ?? "",
                        as: .modelGraph))
            }
        }
        if !isLoadable { throw ExitStatus.error }
    }

    /// Whether what was marked was found again.
    private func check(_ model: OpenModel) throws -> Bool {
        var progress = Progress("check", total: 1, quiet: output.quiet)
        let result = try ModelCheck(model, steps: steps) { progress.update(done: $0, of: $1) }
        progress.finish()
        let identity = try model.identity()
        if output.json {
            try JSONLine.write(Checked(model: identity, check: result))
        } else {
            try StandardOutput.write(lines: ModelCheckText.lines(result, identity, options: self.model.options))
        }
        guard let generated = result.generated, generated.verdict != .watermarked else { return true }
        Diagnostics.error(
            InputError(
                model.model.path, expected: "the mark of an image that it made itself",
                found: generated.verdict.rawValue,
                as: .modelPart))
        return false
    }

    private struct Checked: Encodable {
        let model: ModelIdentity
        let check: ModelCheck
    }

    private static func lines(_ summary: ModelSummary, _ scheduler: SchedulerConfiguration?) -> [String] {
        let shift = summary.shiftFactor == 0 ? "" : ", shift \(summary.shiftFactor)"
        let kind = [summary.family, summary.format].compactMap(\.self).joined(separator: ", ")
        var lines = [
            Printable.name(summary.path),
            "  model       \(kind)",
            "  digest      \(summary.digest)",
            "  pipeline    \(summary.pipeline.map(Printable.name) ?? "not named")",
            "  images      \(summary.imageHeight)×\(summary.imageWidth)",
            "  latents     \(summary.latentShape), scaling \(summary.scalingFactor)\(shift)",
        ]
        if let prediction = summary.predictionType, let scheduler {
            let name = Printable.name(scheduler.className)
            lines += [
                "  prediction  \(prediction.rawValue)",
                "  schedule    \(name): \(scheduler.description), \(scheduler.schedule.spacing.rawValue) spacing",
            ]
        }
        return lines + summary.graphs.flatMap(Self.lines)
    }

    private static func lines(_ graph: ModelSummary.Graph) -> [String] {
        let load = graph.loadSeconds.map { "loads in \(Format.seconds($0)) s" } ?? "DOES NOT LOAD"
        let types = graph.types.isEmpty ? "" : " of \(graph.types.joined(separator: ", "))"
        let memory = graph.memory.map { ", \(Format.bytes($0)) at work" } ?? ""
        let name = graph.className.map { " (\(Printable.name($0)))" } ?? ""
        return [
            "  \(graph.part)\(name): \(Format.count(graph.parameterCount)) parameters, "
                + "\(Format.bytes(graph.fileSize))\(types)\(memory), \(load)",
            "    in   \(graph.inputs.map { Printable.text($0.description) }.joined(separator: ", "))",
            "    out  \(graph.outputs.map { Printable.text($0.description) }.joined(separator: ", "))",
        ]
    }

    /// What the model can be used for.
    private static func looks(_ model: any DiffusionModel) -> [String] {
        let looks = RecoveryRequest().routes(with: model).map(\.description).joined(separator: ", ")
        let limit = model.noisePredictor == nil ? " (no network that predicts noise: none with diffusion steps)" : ""
        return ["  looks       \(looks)\(limit)"]
    }
}
