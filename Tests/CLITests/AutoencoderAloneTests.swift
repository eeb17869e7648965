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
}
