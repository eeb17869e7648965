import ArgumentParser
import Diffusion
import Files
import Foundation
import InputErrors
import Marks
import NoiseSchedules
import RingkeyKit
import SeedKeys
import TensorFiles

/// `ringkey generate`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Generate images from prompts, marked with a key or unmarked.",
        discussion: """
            Makes --count images per prompt from consecutive seeds. -o names a folder or, for a single image, a file \
            ending in .png.

            Examples:
              ringkey generate --prompt "mountains at dusk" --key my.key.json -o out/
              ringkey generate --prompt "sea at night" --prompt "dunes at noon" --count 4 --seed 1 -o out/
              ringkey generate --prompt "hills at dawn" --key my.key.json --save-latents -o one.png

            To edit a picture and keep its background, invert it to its latent and to its noise first:
              ringkey invert photo.png --stage latent --decoder-inversion anderson:10 -o z_0.npy
              ringkey invert z_0.npy --steps 50 -o z_T.npy
              ringkey generate --prompt "sea at night with moon" --init-noise z_T.npy --blend-with z_0.npy \
            --mask sky.png -o edited.png
            """)

    @Option(name: .long, help: ArgumentHelp("Prompt; can be repeated.", valueName: "text"))
    var prompt: [String] = []

    @Option(name: .long, help: ArgumentHelp("File with one prompt per line.", valueName: "file"))
    var promptFile: String?

    @Option(name: .long, help: ArgumentHelp("Key file to mark with. Default: no mark.", valueName: "file"))
    var key: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder, or a file ending in .png.", valueName: "path"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Images per prompt.", valueName: "n"))
    var count = 1

    @Option(name: .long, help: ArgumentHelp("Seed of the first image. Default: random.", valueName: "n"))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp("Solver steps. Default: 50; 1 for a one-step model.", valueName: "n"))
    var steps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ddim, dpm++1, dpm++2m, dpm++3m (optionally with -karras) or flow. Default: the model folder's.",
            valueName: "name"))
    var solver: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Guidance; 1 for none. Default: 3; 1 for a one-step model.", valueName: "g"))
    var guidance: Double?

    @Flag(name: .long, help: "Also write NAME.z_T.npy (initial noise) and NAME.z_0.npy (clean latent).")
    var saveLatents = false

    @OptionGroup(title: "Editing") var editing: EditingArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if prompt.isEmpty, promptFile == nil { throw ValidationError("--prompt or --prompt-file is required") }
        try editing.validate(seed: seed, steps: steps)
        if !(1...1_000_000).contains(count) { throw ValidationError("--count takes 1 to 1000000, found \(count)") }
        do {
            if let solver { _ = try Solver(parsing: solver) }
        } catch let error as InputError {
            throw ValidationError("--solver: expected \(error.expected), found \(error.found)")
        }
        if let steps, steps < 1 { throw ValidationError("--steps takes 1 or more, found \(steps)") }
        if let guidance, !(0...100).contains(guidance) {
            throw ValidationError("--guidance takes a number from 0 to 100, found \(guidance)")
        }
    }

    func run() throws {
        let run = try GenerationRun(
            .init(
                prompts: try prompt + (promptFile.map(PromptFile.read) ?? []), count: count,
                firstSeed: seed ?? UInt64.random(in: 0..<1 << 32), output: output, savesLatents: saveLatents,
                overwrites: overwrite.force, inputs: [key, promptFile].compactMap(\.self) + editing.inputs,
                initialNoise: editing.initNoise))
        let key = try key.map(KeyFile.read)
        if key is SeedKey, count > 1, !printing.quiet {
            Diagnostics.warning("a seed has one noise: all \(count) images of a prompt are the same")
        }
        let model = try self.model.open().sized(for: [key].compactMap(\.self)).model
        if let key { _ = try KeySet([key], for: model.latentShape) }
        let maker = try ImageMaker(
            model, solver: solver.map { try Solver(parsing: $0) }, steps: steps, guidance: guidance)
        let blend = try editing.blend(model)
        var progress = Progress("generate", total: run.jobs.count * maker.steps, quiet: printing.quiet)
        for (index, job) in run.jobs.enumerated() {
            try run.make(job, by: maker, latentShape: model.latentShape, key: key, blend: blend) {
                progress.update(done: index * maker.steps + $0)
            }
            progress.finish()
            try report(
                Report(
                    path: RawPath(job.path).description, prompt: job.prompt,
                    seed: editing.initNoise == nil ? job.seed : nil,
                    initNoise: editing.initNoise.map { RawPath($0).description },
                    blendWith: editing.blendWith.map { RawPath($0).description },
                    mask: editing.mask.map { RawPath($0).description }, solver: "\(maker.solver)", steps: maker.steps,
                    guidance: maker.guidance, key: key?.identity.id), path: job.path, key: key?.identity)
        }
    }

    private struct Report: Encodable {
        let path: String
        let prompt: String
        /// Of the noise; nil where it was given.
        let seed: UInt64?
        let initNoise: String?
        let blendWith: String?
        let mask: String?
        let solver: String
        let steps: Int
        let guidance: Double
        let key: String?

        enum CodingKeys: String, CodingKey {
            case path, prompt, seed, mask, solver, steps, guidance, key
            case initNoise = "init_noise"
            case blendWith = "blend_with"
        }
    }

    private func report(_ made: Report, path: String, key: KeyIdentity?) throws {
        if printing.json { return try JSONLine.write(made) }
        let mark = key.map { "key \($0.id) (\(Printable.name($0.name)))" } ?? "no mark"
        let noise =
            made.seed.map { "seed \($0)" } ?? "noise of \(made.initNoise.map(Printable.name) ?? "")"
        try StandardOutput.write(
            lines: "\(Printable.name(path))  \(noise)  guidance \(made.guidance)  "
                + "\(Format.steps(made.steps)) of \(made.solver)  \(mark)  \"\(Printable.text(made.prompt))\"")
    }
}
