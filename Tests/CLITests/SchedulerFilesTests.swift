import Foundation
import TestSupport
import Testing

/// Models whose scheduler's file or pipeline is another one, with the real binary.
@Suite(.takesTurns) struct SchedulerFilesTests {
    private static let key = "samples/demo.key.json"

    /// A folder of links to a sample model's parts, with a scheduler's file and perhaps an index of its own.
    private func model(_ name: String, scheduler: Data, index: (String) -> String = { $0 }) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let source = Fixtures.repository.appendingPathComponent("samples/\(name)")
        for part in ["unet", "vae_encoder", "vae_decoder", "text_encoder", "tokenizer"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(part), withDestinationPath: source.appendingPathComponent(part).path)
        }
        try FileManager.default.createDirectory(atPath: folder.path("scheduler"), withIntermediateDirectories: false)
        try folder.write("scheduler/scheduler_config.json", scheduler)
        let text = try String(contentsOf: source.appendingPathComponent("model_index.json"), encoding: .utf8)
        try folder.write("model_index.json", Data(index(text).utf8))
        return folder
    }

    private func log10P(_ image: String, _ model: TemporaryFolder) async throws -> Double {
        defer { withExtendedLifetime(model) {} }
        return try await log10P(image, model.path(""))
    }

    private func log10P(_ image: String, _ model: String) async throws -> Double {
        // ringkey verify IMAGE --key K --model M --calibration none --steps 5 --json
        let run = try await Tool.run([
            "verify", image, "--key", Self.key, "--model", model, "--calibration", "none", "--steps", "5", "--json",
        ])
        return try #require(run.json.first?["log10_p"] as? Double, "\(run.stderr)")
    }

    /// Taking images back asks for betas and prediction type alone: whoever sampled, the answer is nearly that of DDIM.
    @Test func samplersOfTheHubsAreTakenBack() async throws {
        let image = "samples/images/marked-1.png"
        let own = try await log10P(image, "samples/grove")
        for name in ["heun", "kdpm2", "deis_dreamshaper8_like", "lcm"] {
            let file = try Data(contentsOf: Fixtures.url("Diffusion/schedulers/\(name).json"))
            let found = try await log10P(image, model("grove", scheduler: file))
            // LCM's timesteps are others (-156 for -147); runs of Heun and KDPM2 end at σ = 0 (-146).
            #expect(abs(found - own) < (name == "lcm" ? 20 : 2), "\(name): \(found), \(own)")
        }
    }

    /// InstaFlow's pipeline beside the scheduler's file of Stable Diffusion: read as epsilon, the answer was 100 orders worse.
    @Test func thePipelineOfInstaFlowMeansVelocity() async throws {
        let made = try TemporaryFolder()
        let run = try await Tool.run([
            "generate", "--model", "samples/grove-flow", "--prompt", "sea at dawn", "--key", Self.key, "--seed", "3",
            "-o",
            made.path("out"),
        ])
        #expect(run.status == 0, "\(run.stderr)")
        let file = try Data(
            contentsOf: Fixtures.repository.appendingPathComponent("samples/grove/scheduler/scheduler_config.json"))
        let folder = try model("grove-flow", scheduler: file) {
            $0.replacingOccurrences(of: "StableDiffusionPipeline", with: "RectifiedFlowPipeline")
        }
        let image = made.path("out/image-3.png")
        let (own, found) = (
            try await log10P(image, "samples/grove-flow"), try await log10P(image, folder)
        )
        #expect(found == own && own < -50, "\(found), \(own)")
    }

    /// Files that trapped.
    @Test(arguments: ["karras", "flow"])
    func schedulesWithoutNumbersAreRefused(_ kind: String) async throws {
        let file =
            kind == "karras"
            ? try Data(contentsOf: Fixtures.url("Diffusion/karras-of-pure-noise.json"))
            : Data(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 1e-320}"#.utf8)
        let folder = try model("grove", scheduler: file)
        let run = try await Tool.run([
            "generate", "--model", folder.path(""), "--prompt", "sea", "--steps", "2", "-o", folder.path("out"),
        ])
        #expect(run.status == 2 && run.errorLines.count == 1, "\(run.stderr)")
        #expect(run.stderr.contains("scheduler_config.json: \(kind == "karras" ? "betas" : "shift"): expected"))
    }
}
