import Foundation
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Checkpoints as people have them, given to the real binary: folders of diffusers, single files, and what is no model.
@Suite(.takesTurns) struct CheckpointTests {
    private static let pipelines = "Tests/Fixtures/checkpoints/pipelines"
    private static let image = "samples/images/marked-1.png"

    private func refusal(_ model: String, _ flags: String...) async throws -> String {
        let output = try await Tool.run(["models", model] + flags)
        #expect(output.status == 2 && output.stdout.isEmpty)
        #expect(output.errorLines.count == 1, "\(output.stderr)")
        return output.stderr
    }

    /// A key for the small latents of the fixtures.
    private func key(_ folder: TemporaryFolder, _ latent: String, radius: Int = 3) async throws -> String {
        let path = folder.path("k.json")
        let made = try await Tool.run(
            ["keygen", "-o", path, "--latent", latent, "--radius", "\(radius)", "--quiet", "--force"])
        #expect(made.status == 0)
        return path
    }

    /// The weights beside the sample's graphs, as a plain folder of diffusers, give the verdicts of the graphs. Operators are
    /// not the same, so agreements differ in their last digits.
    @Test func groveAsAPlainFolder() async throws {
        let folder = try TemporaryFolder()
        let grove = Fixtures.repository.appendingPathComponent("samples/grove")
        for name in ["model_index.json", "unet", "vae", "text_encoder", "tokenizer", "scheduler"] {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appendingPathComponent(name), withDestinationURL: grove.appendingPathComponent(name))
        }
        let images = [
            "samples/images/marked-1.png", "samples/images/clean-1.png", "samples/images/hard/marked-jpeg75.jpg",
        ]
        func verdicts(_ model: String) async throws -> [[String: Any]] {
            let output = try await Tool.run(
                ["verify", "--key", "samples/demo.key.json", "--model", model, "--all-looks", "--json", "--quiet"]
                    + ["--calibration", "none"] + images)
            #expect(output.status == 0, "\(output.stderr)")
            return output.json
        }
        let (plain, export) = (try await verdicts(folder.url.path), try await verdicts(grove.path))
        #expect(plain.count == 3 && export.count == 3)
        for (ours, theirs) in zip(plain, export) {
            #expect(ours["verdict"] as? String == theirs["verdict"] as? String)
            let looks = try [ours, theirs].map { try #require($0["looks"] as? [[String: Any]]) }
            #expect(looks[0].count == looks[1].count)
            for (one, other) in zip(looks[0], looks[1]) {
                let p = try [one, other].map { try #require($0["log10_p"] as? Double) }
                #expect(abs(p[0] - p[1]) < 1e-3)
            }
        }
    }

    /// Random networks find nothing, but all looks run.
    @Test(arguments: ["sd1", "sd2", "xl", "sd3", "flux", "sd1-single.safetensors"])
    func pipelinesRun(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let model = "\(Self.pipelines)/\(name)"
        let summary = try await Tool.run(["models", model, "--json"])
        #expect(summary.status == 0, "\(summary.stderr)")
        let latent = try #require(summary.json.first?["latentShape"] as? String)
        let key = try await key(folder, latent)
        let output = try await Tool.run(
            [
                "verify", Self.image, "--key", key, "--model", model, "--all-looks", "--search", "none", "--json",
                "--quiet",
            ])
        #expect([0, 1, 3].contains(output.status), "\(output.stderr)")
        let looks = try #require(output.json.first?["looks"] as? [[String: Any]])
        #expect(looks.count == 3)
    }

    @Test func theFamilyIsTold() async throws {
        let output = try await Tool.run(["models", "\(Self.pipelines)/xl", "--json"])
        let summary = try #require(output.json.first)
        #expect(summary["family"] as? String == "Stable Diffusion XL" && summary["format"] as? String == "diffusers")
        let graphs = try #require(summary["graphs"] as? [[String: Any]])
        #expect(
            graphs.compactMap { $0["part"] as? String }
                == ["unet", "vae_encoder", "vae_decoder", "text_encoder", "text_encoder_2"])
        #expect(graphs[0]["className"] as? String == "UNet2DConditionModel")
        #expect(graphs.allSatisfy { ($0["types"] as? [String])?.isEmpty == false && $0["loadSeconds"] is Double })
    }

    /// The image is resized to the key's latents.
    @Test func keysBringTheirSize() async throws {
        let folder = try TemporaryFolder()
        let key = try await key(folder, "4x40x36", radius: 8)
        let output = try await Tool.run([
            "verify", Self.image, "--key", key, "--json", "--quiet", "--calibration", "none",
        ])
        #expect(output.status == 1 || output.status == 3, "\(output.stderr)")
        let generated = try await Tool.run(
            [
                "generate", "--prompt", "sea at dawn", "--key", key, "-o", folder.path("out"), "--steps", "10",
                "--seed", "3",
            ])
        #expect(generated.status == 0, "\(generated.stderr)")
        let found = try await Tool.run([
            "verify", folder.path("out/image-3.png"), "--key", key, "--json", "--quiet",
        ])
        #expect(found.status == 0, "\(found.stderr)")
        #expect(found.json.first?["width"] as? Int == 144 && found.json.first?["height"] as? Int == 160)
        let wide = try await self.key(folder, "5x32x32")
        let refused = try await Tool.run(["verify", Self.image, "--key", wide])
        #expect(refused.status == 2 && refused.stderr.contains("5x32x32"))
    }

    @Test func aModelIsMadeToWork() async throws {
        let output = try await Tool.run(["models", "samples/grove-vae", "--check", "--json"])
        #expect(output.status == 0, "\(output.stderr)")
        let check = try #require(output.json.first?["check"] as? [String: Any])
        #expect(try #require(check["round_trip_db"] as? Double) > 18)
        #expect(
            (check["stages"] as? [[String: Any]])?.compactMap { $0["part"] as? String } == [
                "vae_encoder", "vae_decoder",
            ])
        #expect(check["generated"] == nil)
        let whole = try await Tool.run(["models", "samples/grove", "--check", "--steps", "8"])
        #expect(whole.status == 0, "\(whole.stderr)")
        #expect(whole.stdout.contains("| unet |") && whole.stdout.contains("watermarked at look none/0, log10 p = -"))
        #expect(try await Tool.run(["models", "samples/grove", "--steps", "8"]).status == 64)
    }

    @Test func whatIsNoModel() async throws {
        let folder = try TemporaryFolder()
        let pickle = try folder.write("model.ckpt", Data("PK\u{3}\u{4}".utf8))
        let text = try await refusal(pickle)
        #expect(text.contains("a Python pickle") && text.contains("safetensors.torch.save_file"))
        let lora = folder.path("lora.safetensors")
        try SafetensorsFile.write(
            [("lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", Tensor(zeros: [4, 8]))], to: lora,
            overwrite: false)
        #expect(try await refusal(lora).contains("LoRA"))
        let torn = folder.path("torn.safetensors")
        let whole = try Data(
            contentsOf: Fixtures.repository.appendingPathComponent("\(Self.pipelines)/sd1-single.safetensors"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: torn))
        #expect(try await refusal(torn).contains("torn.safetensors"))
        #expect(
            try await refusal("Tests/Fixtures/OriginalLayout/sd2.safetensors").contains("say which with --prediction"))
        #expect(try await refusal(folder.url.path).contains("expected a model"))
        let output = try await Tool.run(["models", torn, "--prediction", "w"])
        #expect(output.status == 64 && output.stderr.contains("epsilon or v"))
    }

    /// A part that is a pickle, a class that is not known, a tensor that is not there: each named.
    @Test func partsThatDoNotFit() async throws {
        let folder = try TemporaryFolder()
        let model = folder.url.appendingPathComponent("m")
        try FileManager.default.copyItem(
            at: Fixtures.repository.appendingPathComponent("\(Self.pipelines)/sd1"), to: model)
        let unet = model.appendingPathComponent("unet")
        let configuration = unet.appendingPathComponent("config.json")
        let original = try String(contentsOf: configuration, encoding: .utf8)
        try original.replacingOccurrences(of: "UNet2DConditionModel", with: "PixArtTransformer2DModel")
            .write(to: configuration, atomically: true, encoding: .utf8)
        #expect(try await refusal(model.path).contains("found PixArtTransformer2DModel"))
        try original.replacingOccurrences(
            of: "{", with: "{\"new_field\": 3, ", options: [], range: original.range(of: "{")
        )
        .write(to: configuration, atomically: true, encoding: .utf8)
        #expect(try await refusal(model.path).contains("config.json: new_field"))
        try original.write(to: configuration, atomically: true, encoding: .utf8)
        let weights = unet.appendingPathComponent("diffusion_pytorch_model.safetensors")
        let file = try SafetensorsFile(contentsOf: weights.path)
        let kept = try file.names.filter { $0 != "conv_out.bias" }.map { ($0, try file.tensor(named: $0)) }
        try SafetensorsFile.write(kept, to: weights.path, overwrite: true)
        let output = try await Tool.run(["models", model.path])
        #expect(output.status == 2 && output.stderr.contains("a tensor conv_out.bias"))
        try FileManager.default.moveItem(at: weights, to: unet.appendingPathComponent("diffusion_pytorch_model.bin"))
        #expect(
            try await refusal(model.path).contains("diffusion_pytorch_model.bin: expected weights in the safetensors"))
    }
}
