import Foundation
import TensorFiles
import TestSupport
import Testing

/// `ringkey verify` on the samples.
@Suite(.takesTurns) struct VerifyTests {
    static let key = "samples/demo.key.json"
    static let otherKey = "samples/other.key.json"
    static let marked = (1...8).map { "samples/images/marked-\($0).png" }
    static let clean = (1...8).map { "samples/images/clean-\($0).png" }

    private func verdicts(_ arguments: [String]) async throws -> (status: Int32, verdicts: [[String: Any]]) {
        let output = try await Tool.run(["verify", "--json", "--quiet"] + arguments)
        #expect(output.stderr.isEmpty, "\(output.stderr)")
        return (output.status, output.json)
    }

    private func pValues(_ verdicts: [[String: Any]]) -> [Double] { verdicts.compactMap { $0["p_value"] as? Double } }

    /// ringkey verify samples/images/marked-*.png --key samples/demo.key.json
    @Test func allMarkedSamplesAreFound() async throws {
        let (status, verdicts) = try await verdicts(Self.marked + ["--key", Self.key])
        #expect(status == 0)
        #expect(verdicts.compactMap { $0["path"] as? String } == Self.marked)
        #expect(verdicts.count == 8 && verdicts.allSatisfy { $0["verdict"] as? String == "watermarked" })
        #expect(pValues(verdicts).count == 8 && pValues(verdicts).allSatisfy { $0 < 1e-6 })
        #expect(verdicts.allSatisfy { $0["decoy_rank"] as? Int == 1 && $0["decoys"] as? Int == 10_000 })
    }

    @Test func noCleanSampleIsFound() async throws {
        let (status, verdicts) = try await verdicts(Self.clean + ["--key", Self.key])
        #expect(status == 1)
        #expect(verdicts.count == 8 && verdicts.allSatisfy { $0["verdict"] as? String == "not_watermarked" })
        #expect(pValues(verdicts).count { $0 > 1e-3 } >= 7)
        // The clean latent alone says no as well, though it looks like no noise.
        let clean = try await self.verdicts(Self.clean + ["--key", Self.key, "--looks", "none/0"]).verdicts
        #expect(clean.compactMap { $0["verdict"] as? String } == [String](repeating: "not_watermarked", count: 8))
    }

    @Test func aWrongKeyIsNeverNearAMatch() async throws {
        let (status, verdicts) = try await verdicts(Self.marked + Self.clean + ["--key", Self.otherKey])
        #expect(status == 1)
        #expect(pValues(verdicts).count == 16 && pValues(verdicts).allSatisfy { $0 > 1e-4 })
    }

    @Test func hardSamples() async throws {
        let hard = "samples/images/hard/"
        let found = try await verdicts([hard + "marked-jpeg75.jpg", hard + "marked-blurred.png", "--key", Self.key])
        #expect(found.status == 0)
        #expect(pValues(found.verdicts).count == 2 && pValues(found.verdicts).allSatisfy { $0 < 1e-4 })
        let foreign = try await verdicts([hard + "other-key.png", "--key", Self.key])
        #expect(foreign.status == 1)
        #expect(try await verdicts([hard + "other-key.png", "--key", Self.otherKey]).status == 0)
    }

    /// The best key is named, and both are paid for.
    @Test func severalKeys() async throws {
        let image = "samples/images/hard/other-key.png"
        let one = try await verdicts([image, "--key", Self.otherKey, "--steps", "10"]).verdicts
        let both = try await verdicts([image, "--key", Self.key, "--key", Self.otherKey, "--steps", "10"])
        #expect(both.status == 0)
        let verdict = try #require(both.verdicts.first)
        #expect((verdict["key"] as? [String: Any])?["name"] as? String == "other")
        // Half of the rate is for the search.
        #expect(verdict["hypotheses"] as? Int == 4)
        #expect((verdict["scores"] as? [Any])?.count == 2)
        let (alone, together) = (
            try #require(one.first?["log10_p"] as? Double), try #require(verdict["log10_p"] as? Double)
        )
        #expect(abs(together - alone - log10(2)) < 1e-9)
    }

    /// Settings reach the verdict and change it.
    @Test func settingsAreFollowed() async throws {
        let image = Self.marked[1]
        func verdict(_ arguments: [String]) async throws -> [String: Any] {
            try #require(
                try await verdicts([image, "--key", Self.key, "--decoder-inversion", "anderson:4"] + arguments).verdicts
                    .first
            )
        }
        let plain = try await verdict([])
        let p = try #require(plain["log10_p"] as? Double)
        let twoSided = try await verdict(["--two-sided"])
        #expect(abs(try #require(twoSided["log10_p"] as? Double) - p - log10(2)) < 1e-6)
        #expect(twoSided["two_sided"] as? Bool == true)
        #expect(try await verdict(["--fpr", "1e-200"])["verdict"] as? String == "undecided")
        #expect(try await verdict(["--decoys", "100"])["decoys"] as? Int == 100)
        #expect(try await verdict(["--decoys", "0"])["decoy_rank"] == nil)
        let shallow = try #require(
            try await verdicts([image, "--key", Self.key, "--steps", "2", "--decoder-inversion", "none"]).verdicts.first
        )
        #expect(try #require(shallow["log10_p"] as? Double) > p)
        let stages = try #require(shallow["stages"] as? [[String: Any]])
        #expect(
            stages.compactMap { $0["stage"] as? String } == [
                "preprocessing", "encoding", "diffusion_inversion", "detection",
            ])
        #expect(stages.first { $0["stage"] as? String == "diffusion_inversion" }?["steps"] as? Int == 2)
        let told = try await verdict(["--prompt", "sea at night with moon", "--guidance", "2"])
        #expect(told["log10_p"] as? Double != p)
        let oneThread = try await verdict(["--threads", "1"])
        #expect(abs(try #require(oneThread["log10_p"] as? Double) - p) < 0.1)
    }

    /// The clean latent decides this sample, and nothing more is done; a clean image is given up after the first search, and
    /// gets every look where it is asked for.
    @Test func looksEndWhereOneDecides() async throws {
        let early = try #require(try await verdicts([Self.marked[1], "--key", Self.key]).verdicts.first)
        #expect(early["look"] as? Int == 1)
        // Three looks have half of the rate, two searches the other half.
        #expect(early["hypotheses"] as? Int == 6)
        #expect((early["looks"] as? [Any])?.count == 1)
        let stages = (early["stages"] as? [[String: Any]])?.compactMap { $0["stage"] as? String }
        #expect(stages == ["preprocessing", "encoding", "detection"])
        let all = try #require(try await verdicts([Self.marked[1], "--key", Self.key, "--all-looks"]).verdicts.first)
        #expect((all["looks"] as? [Any])?.count == 5)
        #expect(try #require(all["log10_p"] as? Double) < (try #require(early["log10_p"] as? Double)))
        let clean = try #require(try await verdicts([Self.clean[0], "--key", Self.key]).verdicts.first)
        #expect((clean["looks"] as? [Any])?.count == 2 && clean["look"] as? Int == 1)
        let thorough = try #require(
            try await verdicts([Self.clean[0], "--key", Self.key, "--thorough"]).verdicts.first)
        #expect((thorough["looks"] as? [Any])?.count == 5 && thorough["look"] as? Int == 5)
        let named = try #require(
            try await verdicts([
                Self.clean[0], "--key", Self.key, "--looks", "none/1,forward:2/3", "--search", "none",
            ]).verdicts.first)
        let looks = try #require(named["looks"] as? [[String: Any]])
        #expect(looks.compactMap { $0["decoder_inversion"] as? String } == ["none", "forward:2"])
        #expect(looks.compactMap { $0["steps"] as? Int } == [1, 3])
    }

    @Test(arguments: [["--looks", "none"], ["--looks", "none/5,"], ["--looks", "none/5", "--steps", "3"]])
    func badLooksAreUsageErrors(arguments: [String]) async throws {
        let output = try await Tool.run(["verify", Self.marked[0], "--key", Self.key] + arguments)
        #expect(output.status == 64)
        #expect(output.stderr.contains("--looks"))
    }

    /// A line of the file for each image.
    @Test func promptsOfEachImage() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("prompts.txt")
        try Data("\nsea at night with moon\n".utf8).write(to: URL(fileURLWithPath: file))
        let arguments = [
            "--key", Self.key, "--decoder-inversion", "none", "--steps", "5", "--guidance", "3", "--decoys", "0",
        ]
        let images = [Self.marked[1], Self.marked[1]]
        let (_, told) = try await verdicts(images + arguments + ["--prompt-file", file])
        let (_, alone) = try await verdicts([images[0]] + arguments + ["--prompt", "sea at night with moon"])
        let (_, unknown) = try await verdicts([images[0]] + arguments)
        func p(_ verdict: [String: Any]?) throws -> Double { try #require(verdict?["log10_p"] as? Double) }
        #expect(abs(try p(told.first) - p(unknown.first)) < 0.01)
        #expect(abs(try p(told.last) - p(alone.first)) < 0.01)
        #expect(abs(try p(alone.first) - p(unknown.first)) > 0.1)
        let short = try await Tool.run(["verify", images[0]] + arguments + ["--prompt-file", file])
        #expect(short.status == 2 && short.stderr.contains("1 lines, one per image, found 2"))
    }

    /// Images in one batch get the verdicts they get alone.
    @Test func batchesChangeLittle() async throws {
        let images = Array(Self.marked[0..<3])
        let batched = try await verdicts(images + ["--key", Self.key, "--batch", "3", "--decoys", "0"]).verdicts
        let single = try await verdicts(images + ["--key", Self.key, "--batch", "1", "--decoys", "0"]).verdicts
        #expect(batched.count == 3 && single.count == 3)
        for (a, b) in zip(batched, single) {
            let (x, y) = (try #require(a["log10_p"] as? Double), try #require(b["log10_p"] as? Double))
            #expect(abs(x - y) < 0.01 * abs(y))
        }
    }

    @Test func megapixelLimit() async throws {
        let output = try await Tool.run(["verify", Self.clean[0], "--key", Self.key, "--max-megapixels", "0.01"])
        #expect(output.status == 2)
        #expect(output.stderr.contains("0.01 megapixels") && output.stderr.contains("128×128"))
    }

    @Test func textForOneImage() async throws {
        let output = try await Tool.run(["verify", Self.marked[0], "--key", Self.key, "--all-looks"])
        #expect(output.status == 0)
        for word in [
            "watermarked", "consistent with key demo", "1 of 10001", "anderson", "ddim", "seconds", "Tree-Ring",
        ] {
            #expect(output.stdout.contains(word), "no \(word) in \(output.stdout)")
        }
        let forbidden = ["authentic", "made by", "not AI"]
        #expect(!forbidden.contains { output.stdout.contains($0) })
    }

    @Test func tableForSeveral() async throws {
        let output = try await Tool.run(["verify", Self.marked[0], Self.clean[0], "--key", Self.key, "--decoys", "10"])
        let lines = output.stdout.split(separator: "\n")
        #expect(lines.first?.hasPrefix("IMAGE") == true)
        #expect(lines.dropFirst().first?.contains("watermarked") == true)
        #expect(output.status == 0)
    }

    /// A run leaves nothing behind in the user's home: the runtime's telemetry is off.
    @Test func leavesNothingInTheHomeFolder() async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run(
            ["verify", Self.marked[0], "--key", Self.key, "--decoys", "0"],
            environment: [
                "HOME": folder.url.path, "XDG_CACHE_HOME": folder.path("cache"), "ORT_DISABLE_TELEMETRY": "0",
            ])
        #expect(output.status == 0)
        // Hashes of the model's larger files, in ringkey's own cache.
        #expect(try folder.names == ["cache"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("cache")) == ["ringkey"])
    }

    /// No secret ever leaves the tool.
    @Test func secretsStayInTheirFile() async throws {
        let document = try JSONSerialization.jsonObject(
            with: Data(contentsOf: Fixtures.repository.appendingPathComponent(Self.key)))
        let secret = try #require((document as? [String: Any])?["secret"] as? String)
        let outputs = [
            try await Tool.run(["verify", Self.marked[0], "--key", Self.key, "--json", "--decoys", "0"]),
            try await Tool.run(["key", "show", Self.key]), try await Tool.run(["key", "show", Self.key, "--json"]),
        ]
        for output in outputs {
            #expect(output.status == 0)
            #expect(!output.stdout.contains(secret) && !output.stderr.contains(secret))
        }
    }

    /// A picture that grove did not make and that is larger than it: resampled, and judged all the same.
    @Test func foreignPicture() async throws {
        let output = try await Tool.run(
            ["verify", "samples/grove/samples.png", "--key", Self.key, "--json", "--decoys", "0"])
        #expect(output.status == 1)
        #expect(output.stdout.contains("image_resampled"))
    }

    /// A key that was not drawn at random has no p-value, and no absence can be told.
    @Test func keyWithoutPValue() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("zeros.json")
        let zeros = Fixtures.url("CLI/0a1b_3_10_zeros.npy").path
        #expect(try await Tool.run(["key", "import", zeros, "-o", path]).status == 0)
        let plot = folder.path("zeros.svg")
        let output = try await Tool.run(["verify", Self.marked[0], "--key", path, "--json", "--plot", plot])
        #expect(output.status == 3)
        let picture = try String(contentsOfFile: plot, encoding: .utf8)
        #expect(picture.contains(">no p-value</tspan>") && picture.contains("all of the key&#39;s numbers are 0"))
        let verdict = try #require(output.json.first)
        #expect(verdict["p_value"] == nil)
        #expect(verdict["verdict"] as? String == "undecided")
        #expect(output.stdout.contains("key_not_random"))
        #expect((verdict["reference"] as? [String: Any])?["l1"] as? Double != nil)
    }

    /// A key of the reference with few and unlucky numbers: `w_seed` 999999, channel 3. The median key of its geometry
    /// reaches the rate at a signal-to-noise ratio of 1, this one does not.
    @Test func anAbsenceIsJudgedByTheVeryKey() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("unlucky.json")
        let file = Fixtures.url("RingKeys/Reach/999999_3_10_ring.npy").path
        let imported = try await Tool.run(["key", "import", file, "-o", path, "--json"])
        #expect(imported.status == 0 && imported.stderr.contains("undecided"), "\(imported.stderr)")
        let key = try #require(imported.json.first)
        #expect(try #require(key["reach"] as? Double) > 5e-7)
        #expect(try #require(key["assumed_reach"] as? Double) > 1e-4)
        let output = try await Tool.run(["verify", Self.clean[1], "--key", path, "--json"])
        #expect(output.status == 3)
        let findings = try #require(output.json.first?["findings"] as? [[String: Any]])
        #expect(findings.compactMap { $0["code"] as? String } == ["key_cannot_reach_rate"])
    }

    @Test func keyThatCannotReachTheRate() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("weak.json")
        #expect(
            try await Tool.run(["keygen", "-o", path, "--pattern", "ring", "--radius", "4", "--channels", "0"]).status
                == 0)
        let output = try await Tool.run(["verify", Self.clean[0], "--key", path, "--json"])
        #expect(output.status == 3)
        #expect(output.stdout.contains("key_cannot_reach_rate"))
    }
}
