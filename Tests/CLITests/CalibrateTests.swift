import Foundation
import TestSupport
import Testing

/// `ringkey calibrate`, and what `verify` makes of it.
@Suite(.serialized, .takesTurns) struct CalibrateTests {
    private static let image = "samples/images/marked-2.png"
    private static let key = "samples/demo.key.json"
    private static let looks = ["--looks", "none/0,none/2"]

    /// Plain images of few steps, made once and only read.
    private static let clean = Task { () async throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        // ringkey generate --prompt "hills at dawn" --count 34 --steps 2 --guidance 1 --seed 1 -o DIR
        let output = try await Tool.run([
            "generate", "--prompt", "hills at dawn", "--count", "34", "--steps", "2", "--guidance", "1", "--seed", "1",
            "--quiet", "-o", folder.url.path,
        ])
        #expect(output.status == 0, "\(output.stderr)")
        return folder
    }

    private func expectRefusal(
        _ arguments: [String], _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let output = try await Tool.run(arguments)
        #expect(output.status == 2, "\(output.stderr)", sourceLocation: sourceLocation)
        #expect(output.errorLines.count == 1, "\(output.stderr)", sourceLocation: sourceLocation)
        for word in words + ["expected", "found"] {
            #expect(output.stderr.contains(word), "no \(word) in: \(output.stderr)", sourceLocation: sourceLocation)
        }
    }

    /// ringkey calibrate DIR -o FILE --looks none/0,none/2 --json
    @Test func aCalibrationIsLearntUsedAndNamed() async throws {
        let clean = try await Self.clean.value
        let folder = try TemporaryFolder()
        let file = folder.path("c.safetensors")
        let output = try await Tool.run(["calibrate", clean.url.path, "-o", file, "--json"] + Self.looks)
        #expect(output.status == 0 && output.stderr.isEmpty, "\(output.stderr)")
        let report = try #require(output.json.first)
        #expect(report["images"] as? Int == 34)
        let rows = try #require(report["looks"] as? [[String: Any]])
        #expect(rows.compactMap { $0["look"] as? String } == ["none/0", "none/2"])
        for row in rows {
            let before = try #require(row["likeness_before"] as? Double)
            let after = try #require(row["likeness_after"] as? Double)
            #expect(after < before)
        }
        try await expectRefusal(["calibrate", clean.url.path, "-o", file] + Self.looks, file, "--force")

        let verify = ["verify", Self.image, "--key", Self.key, "--json", "--quiet"] + Self.looks
        func verdict(_ more: [String]) async throws -> [String: Any] {
            try #require(try await Tool.run(verify + more).json.first)
        }
        let used = try await verdict(["--calibration", file])
        let calibration = try #require(used["calibration"] as? [String: Any])
        #expect(calibration["digest"] as? String == report["digest"] as? String)
        #expect(calibration["images"] as? Int == 34)
        let unused = try await verdict(["--calibration", "none"])
        #expect(unused["calibration"] == nil)
        #expect(used["log10_p"] as? Double != unused["log10_p"] as? Double)
        // A calibration that knows none of the looks is refused where it was asked for.
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--calibration", file, "--looks", "none/7"], file, "none/7")
    }

    /// A calibration in the model folder is used unasked; that of another model is refused.
    @Test func theModelFolderHasItsOwn() async throws {
        let clean = try await Self.clean.value
        let folder = try TemporaryFolder()
        let model = folder.path("grove")
        try FileManager.default.copyItem(
            atPath: Fixtures.repository.appendingPathComponent("samples/grove").path, toPath: model)
        let own = model + "/calibration.safetensors"
        let verify = ["verify", Self.image, "--key", Self.key, "--model", model, "--json", "--quiet"] + Self.looks
        let digest = try #require(
            try await Tool.run(verify + ["--calibration", "none"]).json.first?["model"] as? [String: Any])
        // ringkey calibrate DIR --model grove --force
        let output = try await Tool.run(
            ["calibrate", clean.url.path, "--model", model, "--force", "--quiet"] + Self.looks)
        #expect(output.status == 0, "\(output.stderr)")
        #expect(FileManager.default.fileExists(atPath: own))
        let verdict = try #require(try await Tool.run(verify).json.first)
        #expect((verdict["calibration"] as? [String: Any])?["images"] as? Int == 34)
        // The calibration is no part of the model's digest.
        #expect((verdict["model"] as? [String: Any])?["digest"] as? String == digest["digest"] as? String)

        let scheduler = model + "/scheduler/scheduler_config.json"
        var text = try String(contentsOfFile: scheduler, encoding: .utf8)
        text += "\n"
        try text.write(toFile: scheduler, atomically: true, encoding: .utf8)
        try await expectRefusal(verify, own, "calibration for this model")
    }

    /// ringkey calibrate DIR --marked IMAGES --key K
    @Test func howWellMarksComeBackIsMeasured() async throws {
        let clean = try await Self.clean.value
        let folder = try TemporaryFolder()
        let file = folder.path("c.safetensors")
        let calibrate = ["calibrate", clean.url.path, "-o", file, "--json", "--key", Self.key] + Self.looks
        let marked = (1...8).flatMap { ["--marked", "samples/images/marked-\($0).png"] }
        let output = try await Tool.run(calibrate + marked)
        #expect(output.status == 0 && output.stderr.isEmpty, "\(output.stderr)")
        let rows = try #require(output.json.first?["recoveries"] as? [[String: Any]])
        #expect(rows.compactMap { $0["look"] as? String } == ["none/0", "none/2/ddim/naive"])
        for row in rows {
            #expect(row["images"] as? Int == 8)
            #expect((row["key"] as? String)?.hasPrefix("ring spread radius=10 ") == true)
            let ratio = try #require(row["signal_to_noise"] as? Double)
            #expect(ratio > 0.02 && ratio < 5)
        }
        let verdict = try await Tool.run(
            ["verify", Self.image, "--key", Self.key, "--json", "--calibration", file] + Self.looks)
        #expect(verdict.status == 0, "\(verdict.stderr)")
        let few = ["--marked", "samples/images/marked-1.png", "--force"]
        try await expectRefusal(calibrate + few, "at least 8", "1")
    }

    /// ringkey calibrate DIR --for-key K: a key of zeros gets a p-value, as good as the images are many.
    @Test func keysWithoutAnExactPValueGetAConformalOne() async throws {
        let clean = try await Self.clean.value
        let folder = try TemporaryFolder()
        let (file, key) = (folder.path("c.safetensors"), folder.path("zeros.json"))
        let zeros = Fixtures.url("CLI/0a1b_3_10_zeros.npy").path
        #expect(try await Tool.run(["key", "import", zeros, "-o", key]).status == 0)
        let looks = ["--looks", "none/2"]
        let output = try await Tool.run(["calibrate", clean.url.path, "-o", file, "--for-key", key, "--quiet"] + looks)
        #expect(output.status == 0, "\(output.stderr)")
        let verify = ["verify", clean.path("image-1.png"), "--key", key, "--calibration", file] + looks
        let verdict = try #require(try await Tool.run(verify + ["--json", "--fpr", "0.02"]).json.first)
        #expect(verdict["null_images"] as? Int == 34 && verdict["cosine"] == nil)
        let p = try #require(verdict["p_value"] as? Double)
        #expect(abs(p * 35 - (p * 35).rounded()) < 1e-9 && p >= 2.0 / 35)
        #expect(verdict["verdict"] as? String == "undecided")
        let text = try await Tool.run(verify + ["--fpr", "0.03"])
        #expect(text.status == 1 && text.stdout.contains("conformal, from 34 unmarked images"), "\(text.stdout)")
        try await expectRefusal(
            ["calibrate", clean.url.path, "-o", file, "--force", "--for-key", Self.key] + looks, "drawn at random")
    }

    @Test func badInputIsRefused() async throws {
        let folder = try TemporaryFolder()
        let out = ["-o", folder.path("c.safetensors")]
        let clean = try await Self.clean.value
        let unmarked = ["--marked", clean.url.path, "--key", Self.key, "--looks", "none/0"]
        try await expectRefusal(["calibrate", clean.url.path] + unmarked + out, "carry the mark of key demo")
        #expect(try await Tool.run(["calibrate", clean.url.path, "--key", Self.key] + out).status == 64)
        let few = try clean.names.prefix(15).map { clean.path($0) }
        try await expectRefusal(["calibrate"] + few + out, "at least 16 images", "15")
        try await expectRefusal(["calibrate", folder.url.path] + out, folder.url.path, "a folder of images")
        try await expectRefusal(["calibrate", "no/such/folder"] + out, "16")
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--calibration", Self.image], Self.image)
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--calibration", "no/such.file"], "no/such.file", "no such file")
        #expect(try await Tool.run(["calibrate"] + few + ["--bacth", "3"]).status == 64)
        #expect(try folder.names.isEmpty)
    }

    /// A bad file is named and left out, and the exit code says so.
    @Test func aBadImageIsLeftOut() async throws {
        let clean = try await Self.clean.value
        let folder = try TemporaryFolder()
        let empty = try folder.write("empty.png", Data())
        let images = try clean.names.prefix(16).map { clean.path($0) } + [empty]
        let file = folder.path("c.safetensors")
        let output = try await Tool.run(["calibrate", "--looks", "none/0", "-o", file, "--json", "--quiet"] + images)
        #expect(output.status == 2)
        #expect(output.errorLines.count == 1 && output.stderr.contains(empty), "\(output.stderr)")
        #expect(output.json.first?["images"] as? Int == 16)
        #expect(FileManager.default.fileExists(atPath: file))
    }
}
