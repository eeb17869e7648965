import ArgumentParser
import Diffusion
import Foundation
import InputErrors
import RingkeyKit
import TensorFiles
import Tensors

/// `reproduce noise`: naive DDIM inversion of clean latents whose prompts are known.
struct RecoverNoise: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "noise", abstract: "Latents to initial noise.")

    @OptionGroup var model: Model

    @Argument(help: "Clean latents, [N, C, h, w].")
    var latents: String

    @Option(name: .long, help: "One prompt a line, for each latent.")
    var prompts: String

    @Option(name: .long, help: "Guidance of the inversion.")
    var guidance = 1.0

    @Option(name: .long, help: "Steps of DDIM.")
    var steps = 50

    @Option(name: .long, help: "File to write, [N, C, h, w].")
    var output: String

    func run() throws {
        let model = try self.model.open()
        try model.load([.unet, .textEncoder])
        let latents = try Tensor(npy: self.latents)
        let prompts = try PromptFile.read(self.prompts)
        guard prompts.count >= latents.batch else {
            throw InputError(
                self.prompts, expected: "\(latents.batch) prompts", found: "\(prompts.count)", as: .invalidSetting)
        }
        let sampler = DiffusionSolver(
            .ddim, schedule: try model.scheduler().schedule, predictor: try model.requireNoisePredictor())
        let textEncoder = try model.requireTextEncoder()
        let empty = try textEncoder.encode([""])
        let noise = try (0..<latents.batch).map { index in
            try sampler.invert(
                latents.item(index), steps: steps,
                guidance: Guidance(
                    scale: guidance, conditional: textEncoder.encode([prompts[index]]), unconditional: empty)
            )
        }
        try Tensor.concatenating(noise).npy.write(to: output, overwrite: true)
    }
}
