import ArgumentParser
import Diffusion
import Foundation
import Images
import OnnxModels
import RingKeys
import Tensors

/// `ringkey generate`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make images from prompts, marked with a key or plain.",
        discussion: """
            One image for each prompt and count, from consecutive seeds, by the solver that the model folder names. -o names a folder, or a file that ends \
            in .png where one image is made.

            Examples:
              ringkey generate --prompt "mountains at dusk" --key my.key.json -o out/
              ringkey generate --prompt "sea at night" --prompt "dunes at noon" --count 4 --seed 1 -o out/
              ringkey generate --prompt "hills at dawn" --key my.key.json --save-latents -o one.png
            """)

    @Option(name: .long, help: ArgumentHelp("What to show; may be given several times.", valueName: "text"))
    var prompt: [String] = []

    @Option(name: .long, help: ArgumentHelp("A file with one prompt a line.", valueName: "file"))
    var promptFile: String?

    @Option(name: .long, help: ArgumentHelp("Key to mark with. Default: no mark.", valueName: "file"))
    var key: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder, or a file ending in .png.", valueName: "path"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Images for each prompt.", valueName: "n"))
    var count = 1

    @Option(name: .long, help: ArgumentHelp("Seed of the first image. Default: a new one.", valueName: "n"))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp("Steps of the solver. Default: 50; 1 for a one-step model.", valueName: "n"))
    var steps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ddim, dpm++1, dpm++2m, dpm++3m (with -karras if wanted) or flow. Default: what the model folder names.",
            valueName: "name"))
    var solver: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Guidance; 1 for none. Default: 3; 1 for a one-step model.", valueName: "g"))
    var guidance: Double?

    @Flag(name: .long, help: "Also write NAME.z_T.npy (initial noise) and NAME.z_0.npy (clean latent).")
    var saveLatents = false

    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if prompt.isEmpty, promptFile == nil { throw ValidationError("--prompt or --prompt-file is needed") }
        if !(1...1_000_000).contains(count) { throw ValidationError("--count takes 1 to 1000000, found \(count)") }
        do {
            if let solver { _ = try Solver(parsing: solver) }
        } catch let error as InputError {
            throw ValidationError("--solver: expected \(error.expected), found \(error.found)")
        }
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1, found \(steps)") }
        if let guidance, !(0...100).contains(guidance) {
            throw ValidationError("--guidance takes a number from 0 to 100, found \(guidance)")
        }
    }

    func run() throws {
        let prompts = try allPrompts()
        let firstSeed = seed ?? UInt64.random(in: 0..<1 << 32)
        let jobs = prompts.flatMap { [String](repeating: $0, count: count) }.enumerated().map { index, prompt in
            Job(prompt: prompt, seed: firstSeed &+ UInt64(index))
        }
        let paths = try outputPaths(jobs)
        for path in paths {
            for file in files(path) { try AtomicFile.requireWritable(file, overwrite: overwrite.force) }
        }
        let key = try key.map { try RingKey(contentsOf: $0) }
        let model = try self.model.open()
        if let key, key.geometry.latentShape != model.latentShape {
            throw InputError(
                self.key ?? "key", expected: "a key for latents of \(model.latentShape), as the model has",
                found: "\(key.geometry.latentShape)")
        }
        let defaults = try ModelDefaults.of(model.scheduler())
        let (steps, guidance) = (self.steps ?? defaults.steps, self.guidance ?? defaults.guidance)
        let painter = try Painter(
            model: model, solver: solver.map { try Solver(parsing: $0) }, steps: steps, guidance: guidance)
        var progress = Progress("generate", total: jobs.count * steps, quiet: printing.quiet)
        for (index, (job, path)) in zip(jobs, paths).enumerated() {
            var noise = Tensor(normal: model.latentShape.tensorShape(), seed: job.seed)
            key?.embed(into: &noise)
            let latent = try painter.sample(noise, prompt: job.prompt) { progress.update(done: index * steps + $0) }
            let image = try painter.decode(latent)
            let names = files(path)
            try AtomicFile.write(Data(PNGEncoder.encode(image)), to: names[0], overwrite: overwrite.force)
            if saveLatents {
                try noise.npy.write(to: names[1], overwrite: overwrite.force)
                try latent.npy.write(to: names[2], overwrite: overwrite.force)
            }
            progress.finish()
            try report(
                Report(
                    path: path, prompt: job.prompt, seed: job.seed, solver: "\(painter.solver)", steps: steps,
                    guidance: guidance, key: key?.id), key: key)
        }
    }

    private struct Job {
        let prompt: String
        let seed: UInt64
    }

    private struct Report: Encodable {
        let path: String
        let prompt: String
        let seed: UInt64
        let solver: String
        let steps: Int
        let guidance: Double
        let key: String?
    }

    private func report(_ made: Report, key: RingKey?) throws {
        if printing.json { return try JSONLine.print(made) }
        let mark = key.map { "key \($0.id) (\($0.name))" } ?? "no mark"
        print(
            "\(made.path)  seed \(made.seed)  guidance \(made.guidance)  \(Format.steps(made.steps)) of \(made.solver)  \(mark)"
                + "  \"\(made.prompt)\"")
    }

    private func allPrompts() throws -> [String] {
        guard let promptFile else { return prompt }
        return try prompt + PromptFile.read(promptFile)
    }

    private func outputPaths(_ jobs: [Job]) throws -> [String] {
        if output.hasSuffix(".png") {
            guard jobs.count == 1 else {
                throw InputError("-o", expected: "a folder for \(jobs.count) images", found: output)
            }
            return [output]
        }
        do {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        } catch {
            throw InputError(output, expected: "a folder, or a place to make one", found: "neither")
        }
        return jobs.map { "\(output.hasSuffix("/") ? String(output.dropLast()) : output)/image-\($0.seed).png" }
    }

    /// The image, and with `--save-latents` its noise and clean latent.
    private func files(_ path: String) -> [String] {
        let stem = String(path.dropLast(4))
        return saveLatents ? [path, stem + ".z_T.npy", stem + ".z_0.npy"] : [path]
    }
}
