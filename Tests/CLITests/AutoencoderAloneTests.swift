import Foundation
import TestSupport
import Testing

/// `ringkey verify` by an autoencoder that has no other part, and by one in front of a model.
@Suite(.takesTurns) struct AutoencoderAloneTests {
    private static let autoencoder = "samples/grove-vae"
    private static let images = ["samples/images/marked-1.png", "samples/images/clean-1.png"]

    private func verdicts(_ arguments: [String]) async throws -> (status: Int32, verdicts: [[String: Any]]) {
        let output = try await Tool.run(
            ["verify", "--json", "--quiet", "--key", "samples/demo.key.json"] + arguments + Self.images)
        #expect(output.stderr.isEmpty, "\(output.stderr)")
        return (output.status, output.json)
    }

    private func looks(_ verdict: [String: Any]) throws -> [[String: Any]] {
        try #require(verdict["looks"] as? [[String: Any]])
    }

    /// ringkey verify IMAGES --key samples/demo.key.json --model samples/grove-vae
    @Test func anAutoencoderIsEnough() async throws {
        let (status, verdicts) = try await verdicts(["--model", Self.autoencoder])
        #expect(status == 0)
        #expect(verdicts.compactMap { $0["verdict"] as? String } == ["watermarked", "not_watermarked"])
        for verdict in verdicts {
            #expect((verdict["model"] as? [String: Any])?["name"] as? String == "grove-vae")
            #expect(try looks(verdict).allSatisfy { $0["steps"] as? Int == 0 })
        }
        // The digest is that of its two files, so it does not hang on where they lie.
        let digests = verdicts.compactMap { ($0["model"] as? [String: Any])?["digest"] as? String }
        #expect(digests.count == 2 && Set(digests).count == 1)
    }

    /// ringkey verify IMAGES --key samples/demo.key.json --autoencoder samples/grove-vae --all-looks
    @Test func theVerdictNamesAnAutoencoderInFront() async throws {
        let (status, verdicts) = try await verdicts(["--autoencoder", Self.autoencoder, "--all-looks"])
        #expect(status == 0)
        #expect(verdicts.compactMap { $0["verdict"] as? String } == ["watermarked", "not_watermarked"])
        for verdict in verdicts {
            let looks = try looks(verdict)
            let first = try #require(looks.first)
            #expect(first["autoencoder"] as? String == "grove-vae")
            #expect(first["decoder_inversion"] as? String == "none" && first["steps"] as? Int == 0)
            #expect(looks.last?["autoencoder"] == nil && looks.last?["steps"] as? Int == 10)
            let model = try #require(verdict["model"] as? [String: Any])
            let autoencoder = try #require(model["autoencoder"] as? [String: Any])
            let digest = try #require(autoencoder["digest"] as? String)
            #expect(digest.count == 64 && digest != model["digest"] as? String)
        }
    }

    /// Its latents are not the model's.
    @Test func anAutoencoderOfAnotherScaleIsRefused() async throws {
        let output = try await Tool.run(
            ["verify", Self.images[0], "--key", "samples/demo.key.json", "--autoencoder"]
                + ["Tests/Fixtures/checkpoints/pipelines/sd1/vae"])
        #expect(output.status == 2)
        #expect(output.stderr.contains("expected an autoencoder of 4 pixels for a latent, as the model's, found 2"))
    }

    @Test func theTextNamesItToo() async throws {
        let output = try await Tool.run(
            ["verify", Self.images[0], "--key", "samples/demo.key.json", "--autoencoder", Self.autoencoder])
        #expect(output.status == 0 && output.stdout.contains("none/0 by grove-vae"))
    }

    /// An export has nothing that could be int8, and says so.
    @Test func anExportIsNotInt8() async throws {
        let output = try await Tool.run(
            ["verify", Self.images[0], "--key", "samples/demo.key.json", "--precision", "int8", "--json"])
        #expect(output.status == 0 && output.stderr.contains("nothing of it can be int8"))
        let model = try #require(output.json.first?["model"] as? [String: Any])
        #expect(model["precision"] == nil)
    }

    /// ringkey verify IMAGE --key samples/demo.key.json --model samples/grove-vae --precision int8
    @Test func int8IsNamed() async throws {
        let folder = try TemporaryFolder()
        let arguments = [
            "verify", Self.images[0], "--key", "samples/demo.key.json", "--model", Self.autoencoder, "--precision",
            "int8",
        ]
        let text = try await Tool.run(arguments, environment: ["RINGKEY_CACHE": folder.path("cache")])
        #expect(text.status == 0 && text.stdout.contains(" in int8"), "\(text.stderr)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/weights")).count == 1)
        let json = try await Tool.run(arguments + ["--json"], environment: ["RINGKEY_CACHE": folder.path("cache")])
        #expect((json.json.first?["model"] as? [String: Any])?["precision"] as? String == "int8")
        #expect(try #require(json.json.first?["log10_p"] as? Double) < -90)
    }
}
