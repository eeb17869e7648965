import Attacks
import Foundation
import Images
import TestSupport
import Testing

/// A ring of two hundred customers, from its making to a revoked key.
@Suite(.takesTurns) struct KeyRingTests {
    private func run(_ arguments: String...) async throws -> Tool.Output { try await Tool.run(arguments) }

    private struct Ring {
        let folder: TemporaryFolder
        let path: String
        let image: String
    }

    private func ring() async throws -> Ring {
        let folder = try TemporaryFolder()
        let path = folder.path("customers.ring")
        #expect(try await run("keyring", "new", path).status == 0)
        let labels = (0..<200).map { "customer-\($0)\n" }.joined()
        try folder.write("labels.txt", Data(labels.utf8))
        let derived = try await run("keyring", "derive", path, "--from", folder.path("labels.txt"))
        #expect(derived.status == 0, "\(derived.stderr)")
        let again = try await run("keyring", "derive", path, "customer-7", "--again", "-o", folder.path("keys"))
        #expect(again.status == 0, "\(again.stderr)")
        let made = try await run(
            "generate", "--prompt", "a lake", "--key", folder.path("keys/customer-7.key.json"), "--seed", "5", "-o",
            folder.path("out"), "--quiet")
        #expect(made.status == 0, "\(made.stderr)")
        return Ring(folder: folder, path: path, image: folder.path("out/image-5.png"))
    }

    @Test func oneOfManyIsNamedAndNoneIsAnAnswer() async throws {
        let ring = try await ring()
        let mode = try FileManager.default.attributesOfItem(atPath: ring.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for line in try ring.folder.content("customers.ring").split(separator: UInt8(ascii: "\n")) {
            let schema = try PublishedSchemas.schema("ringkey.keyring/1")
            #expect(try schema.violations(Data(line)) == [])
        }
        #expect(
            try PublishedSchemas.violations(ring.folder.content("keys/customer-7.key.json")) == [])
        let output = try await run(
            "identify", ring.image, "samples/images/clean-1.png", "samples/images/marked-1.png", "--keyring", ring.path,
            "--json")
        #expect(output.status == 0, "\(output.stderr)")
        let answers = output.json
        #expect(answers.map { $0["answer"] as? String } == ["key", "none", "none"])
        #expect((answers[0]["key"] as? [String: Any])?["name"] as? String == "customer-7")
        #expect(answers.allSatisfy { $0["keys_tried"] as? Int == 201 && $0["runner_up"] != nil })
        let best = try #require(answers[0]["best"] as? [String: Any])
        #expect(try #require(best["log10_p"] as? Double) < -50)
        let verified = try await run("verify", ring.image, "--keyring", ring.path, "--json")
        #expect((verified.json.first?["scores"] as? [Any])?.count == 3)
        #expect(verified.json.first?["keys_tried"] as? Int == 201)
        #expect(try PublishedSchemas.violations(Data(verified.stdout.utf8)) == [])
        let text = try await run("identify", "samples/images/clean-1.png", "--keyring", ring.path)
        #expect(text.status == 1 || text.status == 3)
        #expect(text.stdout.contains("none of these"))
    }

    /// A turned and cut picture is found by the pilot, at the price of all keys.
    @Test func aMovedPictureIsFoundByThePilot() async throws {
        let ring = try await ring()
        let image = try ImageFile.read(ring.image)
        for attack in ["rotation:20", "crop:75"] {
            let attacked = try Attack(parsing: attack).apply(to: image, seed: 1)
            try ring.folder.write("moved.png", Data(PNGEncoder.encode(attacked)))
            let output = try await run("verify", ring.folder.path("moved.png"), "--keyring", ring.path, "--json")
            let verdict = try #require(output.json.first, "\(output.stderr)")
            #expect(output.status == 0 && (verdict["key"] as? [String: Any])?["name"] as? String == "customer-7")
            #expect(verdict["placement"] != nil)
            #expect(try #require(verdict["hypotheses"] as? Int) >= 200)
        }
    }

    @Test func aRevokedKeyIsFoundAndCalledSo() async throws {
        let ring = try await ring()
        #expect(try await run("keyring", "revoke", ring.path, "customer-7").status == 0)
        let output = try await run("verify", ring.image, "--keyring", ring.path, "--json")
        let findings = try #require(output.json.first?["findings"] as? [[String: Any]])
        #expect(output.status == 0 && findings.contains { $0["code"] as? String == "key_revoked" })
        #expect(!findings.contains { $0["code"] as? String == "key_cannot_reach_rate" }, "a key of the ring was found")
        let list = try await run("keyring", "list", ring.path, "--json")
        #expect(list.status == 0 && list.stdout.contains("customer-199"))
        let head = try #require(ring.folder.content("customers.ring").split(separator: UInt8(ascii: "\n")).first)
        let header = try #require(try JSONSerialization.jsonObject(with: head) as? [String: Any])
        let secret = try #require(header["secret"] as? String)
        #expect(!list.stdout.contains(secret))
        #expect(try await run("keyring", "check", ring.path).status == 0)
    }

    @Test func whatIsNoRingIsRefused() async throws {
        let folder = try TemporaryFolder()
        try folder.write("empty.ring", Data())
        try folder.write("text.ring", Data("hello\n".utf8))
        #expect(try await run("keyring", "new", folder.path("other.ring"), "--latent", "4x64x64").status == 0)
        #expect(try await run("keyring", "derive", folder.path("other.ring"), "a").status == 0)
        #expect(try await run("keyring", "new", folder.path("bare.ring")).status == 0)
        for name in ["empty.ring", "text.ring", "bare.ring", "no.ring", "."] {
            let output = try await run("identify", "samples/images/clean-1.png", "--keyring", folder.path(name))
            #expect(output.status == 2 && output.errorLines.count == 1, "\(name): \(output.stderr)")
        }
        // Keys of another height and width than the model's latents: the image is resized to match.
        let resized = try await run("identify", "samples/images/clean-1.png", "--keyring", folder.path("other.ring"))
        #expect(resized.status == 1 && resized.stdout.contains("none of these"), "\(resized.stderr)")
        #expect(try await run("keyring", "new", folder.path("eight.ring"), "--latent", "8x32x32").status == 0)
        #expect(try await run("keyring", "derive", folder.path("eight.ring"), "a").status == 0)
        let eight = try await run("identify", "samples/images/clean-1.png", "--keyring", folder.path("eight.ring"))
        #expect(eight.status == 2 && eight.stderr.contains("8x32x32"), "\(eight.stderr)")
        // One kind of file in the place of the other.
        let key = try await run("identify", "samples/images/clean-1.png", "--keyring", "samples/demo.key.json")
        #expect(key.status == 2 && key.stderr.contains("expected a key ring"), "\(key.stderr)")
        let ring = try await run("verify", "samples/images/clean-1.png", "--key", folder.path("other.ring"))
        #expect(ring.status == 2 && ring.stderr.contains("found a key ring"), "\(ring.stderr)")
        let twice = try await run("keyring", "derive", folder.path("other.ring"), "a")
        #expect(twice.status == 2 && twice.stderr.contains("label a"))
        #expect(try await run("keyring", "revoke", folder.path("other.ring"), "b").status == 2)
        #expect(try await run("identify", "samples/images/clean-1.png").status == 64)
    }
}
