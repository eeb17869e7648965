import Foundation
import TensorFiles
import TestSupport
import Testing

/// Keys of other schemes, as a user makes, uses and looks for them.
@Suite(.takesTurns) struct SchemeTests {
    private func run(_ arguments: String...) async throws -> Tool.Output { try await Tool.run(arguments) }

    private func isValid(_ path: String) throws -> Bool {
        try PublishedSchemas.violations(Data(contentsOf: URL(fileURLWithPath: path))) == []
    }

    /// Two images of one key, and the key's verdicts of the first and of an unmarked sample.
    private func roundTrip(_ key: String, _ folder: TemporaryFolder) async throws -> [[String: Any]] {
        let made = try await run(
            "generate", "--prompt", "a lake", "--key", key, "--seed", "5", "-o", folder.path("out"), "--quiet")
        #expect(made.status == 0, "\(made.stderr)")
        let output = try await run(
            "verify", folder.path("out/image-5.png"), "samples/images/clean-1.png", "--key", key, "--json")
        #expect(output.status == 0, "\(output.stderr)")
        for line in output.stdout.split(whereSeparator: \.isNewline) {
            #expect(try PublishedSchemas.violations(Data(line.utf8)) == [])
        }
        let verdicts = output.json
        #expect(verdicts.map { $0["verdict"] as? String }.first == "watermarked")
        #expect(verdicts.last?["verdict"] as? String != "watermarked")
        return verdicts
    }

    @Test func gaussianShadingCarriesAMessage() async throws {
        let folder = try TemporaryFolder()
        let key = folder.path("gs.key.json")
        let made = try await run("keygen", "-o", key, "--scheme", "gaussian-shading", "--message", "user 7", "--json")
        #expect(made.status == 0 && made.json.first?["message_bits"] as? Int == 64, "\(made.stderr)")
        #expect(try isValid(key))
        let verdicts = try await roundTrip(key, folder)
        let payload = try #require(verdicts[0]["payload"] as? [String: Any])
        #expect(payload["text"] as? String == "user 7" && payload["expected"] as? Bool == true)
        #expect(verdicts[0]["statistic"] as? String == "weighted agreement of signs")
        #expect(try #require(verdicts[0]["log10_p"] as? Double) < -100)
        #expect(verdicts[1]["payload"] == nil)
        let paragraph = try await run("verify", folder.path("out/image-5.png"), "--key", key)
        #expect(paragraph.stdout.contains("message    \"user 7\""))

        // The same stream read by a key that does not know the message.
        let document = try #require(
            try JSONSerialization.jsonObject(with: folder.content("gs.key.json")) as? [String: Any])
        try folder.write("stream.hex", Data((try #require(document["secret"] as? String) + "\n").utf8))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path("stream.hex"))
        let any = folder.path("any.key.json")
        let imported = try await run(
            "key", "import", "--chacha-key", folder.path("stream.hex"), "--chacha-nonce",
            try #require(document["nonce"] as? String), "--shape", "4x32x32", "-o", any)
        #expect(imported.status == 0, "\(imported.stderr)")
        #expect(try isValid(any))
        let read = try await run("verify", folder.path("out/image-5.png"), "--key", any, "--json")
        let message = try #require(read.json.first?["payload"] as? [String: Any])
        #expect(message["text"] as? String == "user 7" && message["expected"] == nil)
        // Another message under the same stream is somebody else's.
        let other = try await run(
            "key", "import", "--chacha-key", folder.path("stream.hex"), "--chacha-nonce",
            try #require(document["nonce"] as? String), "--shape", "4x32x32", "--message", "user 8", "-o",
            folder.path("other.key.json"), "--quiet")
        #expect(other.status == 0, "\(other.stderr)")
        let miss = try await run(
            "verify", folder.path("out/image-5.png"), "--key", folder.path("other.key.json"), "--json")
        #expect(miss.status == 1 && miss.json.first?["verdict"] as? String == "not_watermarked")
        let findings = miss.json.first?["findings"] as? [[String: Any]] ?? []
        let finding = findings.first { $0["code"] as? String == "other_message" }
        #expect((finding?["message"] as? String)?.contains("\"user 7\"") == true, "\(findings)")
        let marking = try await run("noise", "--key", any, "-o", folder.path("z.npy"))
        #expect(marking.status == 2 && marking.stderr.contains("message"))
    }

    @Test func aPseudorandomCodeCarriesAMessage() async throws {
        let folder = try TemporaryFolder()
        let key = folder.path("prc.key.json")
        let made = try await run("keygen", "-o", key, "--scheme", "prc", "--message", "user 7", "--json")
        #expect(made.status == 0 && made.json.first?["checks"] as? Int == 3936, "\(made.stderr)")
        #expect(try isValid(key))
        let verdicts = try await roundTrip(key, folder)
        let payload = try #require(verdicts[0]["payload"] as? [String: Any])
        #expect(payload["text"] as? String == "user 7" && payload["expected"] as? Bool == true)
        #expect(try #require(verdicts[0]["log10_p"] as? Double) < -100)
        #expect(verdicts[1]["payload"] == nil)
    }

    @Test func codesOfOthersAreImported() async throws {
        let folder = try TemporaryFolder()
        let text = """
            {"algorithm_name": "PRC", "fpr": 1e-9, "prc_t": 3, "message": "Hello, World!", "keygen": {
             "gen_matrix_seed": 42, "indice_seed": 43, "one_time_pad_seed": 44, "test_bits_seed": 45,
             "permute_bits_seed": 46}, "encode": {"payload_seed": 47, "error_seed": 48, "pseudogaussian_seed": 49}}
            """
        let configuration = try folder.write("PRC.json", Data(text.utf8))
        let key = folder.path("md.key.json")
        let made = try await run("key", "import", configuration, "--shape", "4x32x32", "-o", key, "--json")
        #expect(made.status == 0 && made.json.first?["smallest_p_value"] as? Double == 0x1p-64, "\(made.stderr)")
        #expect(try isValid(key))
        let arrays = try await run(
            "key", "import", "Tests/Fixtures/PRCKeys/arrays.npz", "--pattern", "prc", "--shape", "4x16x16", "--message",
            "Hi", "-o", folder.path("arrays.key.json"), "--json")
        #expect(arrays.status == 0 && arrays.json.first?["message_known"] as? Bool == true, "\(arrays.stderr)")
        #expect(try isValid(folder.path("arrays.key.json")))
        let refused = try await run(
            "key", "import", "Tests/Fixtures/PRCKeys/arrays.npz", "--pattern", "prc", "--shape", "4x64x64", "-o",
            folder.path("c.key.json"))
        #expect(refused.status == 2 && refused.stderr.contains("sizes"), "\(refused.stderr)")
    }

    @Test func aSeedIsFoundAndItsPIsNoSmallerThanThereAreSeeds() async throws {
        let folder = try TemporaryFolder()
        let key = folder.path("seed.key.json")
        let made = try await run(
            "key", "import", "--torch-seed", "271828182", "--device", "cuda", "--shape", "4x32x32", "-o", key, "--json")
        #expect(made.status == 0, "\(made.stderr)")
        #expect(made.json.first?["smallest_p_value"] as? Double == 0x1p-32)
        #expect(!made.stdout.contains("271828182"))
        #expect(try isValid(key))
        let noise = try await run("noise", "--key", key, "--count", "2", "-o", folder.path("z.npy"))
        #expect(noise.status == 0 && noise.stderr.contains("one noise"))
        let verdicts = try await roundTrip(key, folder)
        #expect(abs(try #require(verdicts[0]["p_value"] as? Double) / 0x1p-32 - 3) < 1e-6)
    }

    @Test func theTreeRingScriptsKeysComeFromTheirSettings() async throws {
        let folder = try TemporaryFolder()
        let settings = ["--pattern", "ring", "--channel", "3", "--radius", "10", "--shape", "4x32x32"]
        let own = try await Tool.run(
            ["key", "import", "--w-seed", "999999", "-o", folder.path("a.key.json"), "--dtype", "float32", "--json"]
                + settings)
        #expect(own.status == 0 && own.json.first?["random"] as? Bool == true, "\(own.stderr)")
        let text = """
            {"algorithm_name": "TR", "w_seed": 999999, "w_channel": 3, "w_pattern": "ring", "w_radius": 10}
            """
        let configuration = try folder.write("TR.json", Data(text.utf8))
        let other = try await run(
            "key", "import", configuration, "--shape", "4x32x32", "--dtype", "float32", "-o", folder.path("b.key.json"),
            "--json")
        #expect(other.json.first?["id"] as? String == own.json.first?["id"] as? String, "\(other.stderr)")
        #expect(try isValid(folder.path("b.key.json")))
        #expect(other.json.first?["smallest_p_value"] as? Double == 0x1p-32)
        // On a GPU MarkDiffusion's example works in half precision.
        let half = try await run(
            "key", "import", configuration, "--shape", "4x32x32", "-o", folder.path("half.key.json"), "--json")
        #expect(half.json.first?["id"] as? String != own.json.first?["id"] as? String)
        let ringID = try folder.write("RI.json", Data("{\"algorithm_name\": \"RI\", \"radius\": 14}".utf8))
        let refused = try await run("key", "import", ringID, "-o", folder.path("c.key.json"))
        #expect(refused.status == 2 && refused.stderr.contains("drawn anew") && refused.errorLines.count == 1)
    }

    @Test func ringIDIsFoundByRingsAndNoise() async throws {
        let folder = try TemporaryFolder()
        let key = folder.path("ri.key.json")
        let made = try await run("keygen", "-o", key, "--scheme", "ringid", "--json")
        #expect(made.status == 0 && made.json.first?["inner_radius"] as? Int == 3, "\(made.stderr)")
        #expect(try isValid(key))
        let verdicts = try await roundTrip(key, folder)
        #expect(verdicts[0]["statistic"] as? String == "cosine with levels")
        #expect(try #require(verdicts[0]["log10_p"] as? Double) < -30)
        let shown = try await run("key", "show", key)
        #expect(shown.stdout.contains("ring channels 3"), "\(shown.stdout)")
    }

    /// A pattern as MarkDiffusion holds it (Tests/Fixtures/RingIDKeys/make_ringid.py).
    @Test func patternsOfRingIDAreImported() async throws {
        let folder = try TemporaryFolder()
        struct Golden: Decodable {
            struct Case: Decodable { let pattern: [Float] }
            let cases: [Case]
        }
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Fixtures.url("RingIDKeys/ringid.json")))
        let pattern = NpyArray(shape: [1, 4, 32, 32], elements: .complex64(golden.cases[3].pattern))
        try pattern.write(to: folder.path("ri.npy"), overwrite: false)
        let own = try await run(
            "key", "import", folder.path("ri.npy"), "--pattern", "ringid", "--level-range", "32", "-o",
            folder.path("ri.key.json"), "--json")
        #expect(own.status == 0 && own.json.first?["ring_channels"] as? [Int] == [3], "\(own.stderr)")
        #expect(try isValid(folder.path("ri.key.json")))
        let mistakes = [
            ([], "-32.00"), (["--level-range", "32", "--radius", "12"], "another spectrum"),
            (["--level-range", "32", "--channel", "3"], "shows its channels"),
        ]
        for (arguments, word) in mistakes {
            let refused = try await Tool.run(
                ["key", "import", folder.path("ri.npy"), "--pattern", "ringid", "-o", folder.path("k")] + arguments)
            #expect(refused.status == 2 && refused.errorLines.count == 1, "\(refused.stderr)")
            #expect(refused.stderr.contains(word), "\(refused.stderr)")
        }
    }

    @Test(arguments: [
        ["key", "import", "-o", "k"], ["key", "import", "--torch-seed", "1", "--w-seed", "1", "-o", "k"],
        ["key", "import", "--torch-seed", "1", "--radius", "10", "-o", "k"],
        ["key", "import", "--w-seed", "1", "--radius", "10", "-o", "k"],
        ["key", "import", "--torch-seed", "-1", "-o", "k"],
        ["key", "import", "--torch-seed", "1", "--device", "tpu", "-o", "k"],
        ["key", "import", "--torch-seed", "1", "--device", "cpu", "--cuda-threads", "9", "-o", "k"],
        ["key", "import", "--torch-seed", "1", "--cuda-threads", "0", "-o", "k"],
        ["key", "import", "--torch-seed", "1", "--dtype", "float8", "-o", "k"],
        ["key", "import", "--chacha-key", "k", "-o", "j"],
        ["keygen", "--message", "a", "--message-hex", "00", "--scheme", "gaussian-shading", "-o", "k"],
    ])
    func mistakesOfUsage(arguments: [String]) async throws {
        let output = try await Tool.run(arguments)
        #expect(output.status == 64, "\(output.stderr)")
    }

    @Test(arguments: [
        ["keygen", "--scheme", "hstr"],
        ["keygen", "--scheme", "prc", "--check-weight", "1"], ["keygen", "--scheme", "prc", "--message-bits", "2000"],
        ["keygen", "--scheme", "prc", "--message", "a message that is far too long"],
        ["keygen", "--scheme", "gaussian-shading", "--copies", "1x5x8"],
        ["keygen", "--scheme", "gaussian-shading", "--message", "a message that is far too long"],
        ["keygen", "--scheme", "gaussian-shading", "--message-hex", "0g"],
        ["key", "import", "--torch-seed", "1", "--shape", "4x1000000x64"],
        ["key", "import", "--torch-seed", "1", "--shape", "4x64"],
        ["key", "import", "--w-seed", "1", "--radius", "10", "--channel", "0", "--pattern", "square"],
        ["key", "import", "--chacha-key", "samples/README.md", "--chacha-nonce", "000102030405060708090a0b"],
        ["key", "import", "--chacha-key", "samples", "--chacha-nonce", "000102030405060708090a0b"],
        ["key", "import", "samples/grove/model_index.json"], ["key", "import", "no-such-file.json"],
    ])
    func whatIsNoKeyIsRefused(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run(arguments + ["-o", folder.path("k.json")])
        #expect(output.status == 2, "\(output.stderr)")
        #expect(output.errorLines.count == 1 && output.stderr.contains("expected"), "\(output.stderr)")
        #expect(try folder.names.isEmpty)
    }
}
