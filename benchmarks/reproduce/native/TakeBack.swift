import ArgumentParser
import Diffusion
import Foundation
import Tensors

/// `reproduce take-back`: known noise to a clean latent with DDIM and back, by naive inversion and by exact inversion with
/// Anderson acceleration and with the paper's forward step.
struct TakeBack: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-back", abstract: "Noise to latent and back; one line of JSON for each number of steps.")

    @OptionGroup var model: Model

    @Option(name: .long, help: "Seed of the noise.")
    var seed: UInt64 = 4

    @Option(name: .long, help: "Prompt, at guidance 1.")
    var prompt = "mountains at dusk with sun and clouds"

    @Argument(help: "Steps of DDIM.")
    var steps: [Int]

    private struct Line: Encodable {
        struct Method: Encodable {
            let noise, again, residual: Double
            let calls: Int
        }

        let steps: Int
        let naive: Double
        let anderson, paper: Method
    }

    func run() throws {
        let model = try self.model.open()
        try model.load([.unet, .textEncoder])
        let ddim = DiffusionSolver(
            .ddim, schedule: try model.scheduler().schedule, predictor: try model.requireNoisePredictor())
        let noise = Tensor(normal: model.latentShape.tensorShape(), seed: seed)
        let guidance = Guidance.none(try model.requireTextEncoder().encode([prompt]))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for count in steps {
            let clean = try ddim.sample(noise, steps: count, guidance: guidance)
            func solved(by method: ExactInversion.Method) throws -> Line.Method {
                let (found, outcomes) = try ExactInversion(of: ddim, method: method)
                    .invert(clean, steps: count, guidance: guidance)
                let again = try ddim.sample(found, steps: count, guidance: guidance)
                return .init(
                    noise: found.normalisedErrorDecibels(to: noise), again: again.normalisedErrorDecibels(to: clean),
                    residual: outcomes[0].residual, calls: outcomes[0].modelCalls)
            }
            let naive = try ddim.invert(clean, steps: count, guidance: guidance).normalisedErrorDecibels(to: noise)
            let line = try Line(
                steps: count, naive: naive, anderson: solved(by: .anderson), paper: solved(by: .paper))
            print(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
    }
}
