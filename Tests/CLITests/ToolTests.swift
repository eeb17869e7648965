import Foundation
import Images
import RingKeys
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The other commands, as a user runs them.
@Suite(.takesTurns) struct ToolTests {
    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func keygenWritesAPrivateFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("my.key.json")
        // ringkey keygen -o my.key.json --pattern ring --radius 8 --ring-width 2 --channels 3,1 --phase-origin corner
        let output = try await Tool.run([
            "keygen", "-o", path, "--pattern", "ring", "--radius", "8", "--ring-width", "2", "--channels", "3,1",
            "--phase-origin", "corner", "--latent", "4x32x48", "--name", "mine", "--json",
        ])
        #expect(output.status == 0, "\(output.stderr)")
        #expect(try mode(path) == 0o600)
        let key = try RingKey(contentsOf: path)
        #expect(key.name == "mine" && key.geometry.channels == [1, 3] && key.geometry.ringWidth == 2)
        #expect(key.geometry.phaseOrigin == .corner)
        #expect(key.geometry.latentShape == LatentShape(channels: 4, height: 32, width: 48))
        #expect(output.json.first?["id"] as? String == key.id)
        let again = try await Tool.run(["keygen", "-o", path])
        #expect(again.status == 2)
        #expect(try RingKey(contentsOf: path) == key)
        #expect(try folder.names == ["my.key.json"])
    }

    @Test(arguments: [
        ["--radius", "16"], ["--radius", "nan"], ["--channels", "4"], ["--channels", "0,x"], ["--latent", "4x32"],
        ["--latent", "0x32x32"], ["--latent", "9223372036854775807x4x4"], ["--latent", "4x4294967296x4294967296"],
        ["--latent", "4x32x99999999999999999999"], ["--radius", "1e300"], ["--channels", "9223372036854775807"],
        ["--pattern", "tree-ring/ring"], ["--ring-width", "0"], ["--phase-origin", "edge"],
    ])
    func keygenRefuses(_ arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run(["keygen", "-o", folder.path("k.json")] + arguments)
        #expect(output.status == 2, "\(output.stderr)")
        #expect(output.errorLines.count == 1 && output.stderr.contains("expected"))
        #expect(try folder.names.isEmpty)
    }

    @Test func keysAreDifferent() async throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b"] { #expect(try await Tool.run(["keygen", "-o", folder.path(name)]).status == 0) }
        #expect(try RingKey(contentsOf: folder.path("a")).id != RingKey(contentsOf: folder.path("b")).id)
    }

    /// What is exported carries the key: imported again as the package's, it is found in our marked noise.
    @Test func exportAndImport() async throws {
        let folder = try TemporaryFolder()
        let exported = folder.path("out.npy")
        // ringkey key export samples/demo.key.json -o out.npy
        #expect(try await Tool.run(["key", "export", "samples/demo.key.json", "-o", exported]).status == 0)
        #expect(try mode(exported) == 0o600)
        let array = try NpyArray(contentsOf: exported)
        #expect(array.shape == [1, 4, 32, 32])
        #expect(array.interleavedComplex?.contains { $0 != 0 } == true)
        let imported = folder.path("in.json")
        let rand = Fixtures.url("CLI/0a1b_3_10_rand.npy").path
        let output = try await Tool.run(["key", "import", rand, "-o", imported, "--name", "package"])
        #expect(output.status == 0, "\(output.stderr)")
        let key = try RingKey(contentsOf: imported)
        #expect(key.geometry.pattern == .treeRingRand && key.geometry.channels == [3] && key.geometry.radius == 10)
        #expect(key.name == "package")
        let again = try await Tool.run(["key", "export", imported, "-o", folder.path("again.npy")])
        #expect(again.status == 0)
        let (before, after) = (try NpyArray(contentsOf: rand), try NpyArray(contentsOf: folder.path("again.npy")))
        #expect(before.shape == after.shape)
        let masked = zip(try #require(before.interleavedComplex), try #require(after.interleavedComplex))
        #expect(masked.allSatisfy { $1 == 0 || $0 == $1 })
    }

    @Test(arguments: [
        ([], "out.npy"), (["--channel", "3"], "--radius"),
        (["--channel", "9", "--radius", "10", "--pattern", "rand"], "channels"),
        (["--channel", "3", "--radius", "10", "--pattern", "spiral"], "spiral"),
        (["--channel", "3", "--radius", "10", "--pattern", "ring"], "one value on each ring"),
    ])
    func importRefuses(_ arguments: [String], _ word: String) async throws {
        let folder = try TemporaryFolder()
        let source = try folder.write("out.npy", Data(contentsOf: Fixtures.url("CLI/0a1b_3_10_rand.npy")))
        let output = try await Tool.run(["key", "import", source, "-o", folder.path("k.json")] + arguments)
        #expect(output.status == 2)
        #expect(output.stderr.contains(word), "\(output.stderr)")
        #expect(try folder.names == ["out.npy"])
    }

    @Test func noiseIsReproducibleAndMarked() async throws {
        let folder = try TemporaryFolder()
        for name in ["a.npy", "b.npy"] {
            // ringkey noise --key samples/demo.key.json --seed 7 --count 3 -o a.npy
            let output = try await Tool.run([
                "noise", "--key", "samples/demo.key.json", "--seed", "7", "--count", "3", "-o", folder.path(name),
                "--json",
            ])
            #expect(output.status == 0, "\(output.stderr)")
            #expect(output.json.first?["seed"] as? Int == 7)
        }
        let noise = try Tensor(npy: folder.path("a.npy"))
        #expect(noise.shape == [3, 4, 32, 32])
        #expect(noise.elements == (try Tensor(npy: folder.path("b.npy"))).elements)
        #expect(abs(noise.standardDeviation - 1) < 0.05 && abs(noise.mean) < 0.05)
        let key = try RingKey(contentsOf: Fixtures.repository.appendingPathComponent("samples/demo.key.json").path)
        let reader = RingReader(key.geometry)
        for item in 0..<3 { #expect(reader.agreement(try reader.read(noise.item(item)), key.numbers) > 0.95) }
    }

    /// Generation, its latents, and the way back.
    @Test func generateAndInvert() async throws {
        let folder = try TemporaryFolder()
        // ringkey generate --prompt "dunes at noon" --key samples/demo.key.json --seed 3 --steps 25 --save-latents -o one.png
        let generated = try await Tool.run([
            "generate", "--prompt", "dunes at noon", "--key", "samples/demo.key.json", "--seed", "3", "--steps", "25",
            "--guidance", "1", "--save-latents", "-o", folder.path("one.png"), "--json",
        ])
        #expect(generated.status == 0, "\(generated.stderr)")
        #expect(try folder.names == ["one.png", "one.z_0.npy", "one.z_T.npy"])
        #expect(generated.json.first?["seed"] as? Int == 3)
        let image = try ImageFile.read(folder.path("one.png"))
        #expect(image.width == 128 && image.height == 128)

        func error(_ arguments: [String]) async throws -> Double {
            let output = try await Tool.run(["invert", "--json"] + arguments)
            #expect(output.status == 0, "\(output.stderr)")
            return try #require(output.json.first?["nmse_db"] as? Double)
        }
        let truth = folder.path("one.z_0.npy")
        let latent = ["--stage", "latent", "--compare", truth]
        let encoder = try await error([folder.path("one.png"), "--decoder-inversion", "none"] + latent)
        let inverted = try await error(
            [
                folder.path("one.png"), "--decoder-inversion", "anderson:8", "--trace", folder.path("trace.csv"), "-o",
                folder.path("z.npy"),
            ] + latent)
        #expect(inverted < encoder - 2, "\(inverted) dB after decoder inversion, \(encoder) dB before")
        #expect(try Tensor(npy: folder.path("z.npy")).shape == [1, 4, 32, 32])
        let trace = try String(contentsOfFile: folder.path("trace.csv"), encoding: .utf8).split(separator: "\n")
        #expect(trace.first == "evaluation,residual,nmse_db,seconds")
        #expect(trace.count >= 4)
        // A float latent as input skips the autoencoder. Naive inversion in 25 steps is at about -7 dB; noise that has
        // nothing to do with the truth would be at +3 dB.
        let noise = ["--compare", folder.path("one.z_T.npy"), "--prompt", "dunes at noon"]
        let few = try await error([truth, "--steps", "25"] + noise)
        #expect(few < -2)
        // Exact inversion finds the very noise; from the image it is as good as the latent that decoder inversion found.
        let exact = try await error([truth, "--steps", "25", "--inverse", "exact"] + noise)
        #expect(exact < -60, "\(exact) dB")
        let chain = try await Tool.run(
            [
                "invert", "--json", folder.path("one.png"), "--compare-latent", truth, "--steps", "10", "--plot",
                folder.path("trace.png"),
            ] + noise)
        let report = try #require(chain.json.first)
        let (before, after) = (report["encoder_nmse_db"] as? Double, report["latent_nmse_db"] as? Double)
        #expect(try #require(after) < #require(before) - 2)
        #expect(report["model_calls"] as? Int == 10 && report["solver"] as? String == "ddim")
        #expect(try ImageFile.read(folder.path("trace.png")).width == 900)
    }

    /// A one-step model has defaults of its own, and is judged with its calibration from the encoder's latent.
    @Test func aModelOfOneStep() async throws {
        let folder = try TemporaryFolder()
        // ringkey generate --model samples/grove-flow --prompt "hills at dusk with sun" --key samples/demo.key.json -o one.png
        let model = ["--model", "samples/grove-flow", "--key", "samples/demo.key.json", "--json"]
        let generated = try await Tool.run(
            ["generate", "--prompt", "hills at dusk with sun", "--seed", "7", "-o", folder.path("one.png")] + model)
        let made = try #require(generated.json.first, "\(generated.stderr)")
        #expect(made["steps"] as? Int == 1 && made["guidance"] as? Double == 1 && made["solver"] as? String == "flow")
        let judged = try await Tool.run(["verify", folder.path("one.png")] + model)
        let verdict = try #require(judged.json.first, "\(judged.stderr)")
        #expect(judged.status == 0 && verdict["verdict"] as? String == "watermarked" && verdict["look"] as? Int == 1)
        // Three looks, which have half of the rate beside two searches.
        #expect(verdict["hypotheses"] as? Int == 6)
        // ringkey verify one.png … --looks none/1 --inverse exact
        let solved = try await Tool.run(
            ["verify", folder.path("one.png"), "--looks", "none/1", "--inverse", "exact"] + model.dropLast())
        #expect(solved.status == 0 && solved.stdout.contains("1 step of exact flow inversion"), "\(solved.stderr)")
    }

    /// Another solver than the folder's; what it makes is taken back by the same. Naive inversion in six steps is at -1 to
    /// -8 dB; noise that has nothing to do with the truth would be at +3 dB.
    @Test func solversThereAndBack() async throws {
        let folder = try TemporaryFolder()
        let prompt = ["--prompt", "sea at night with moon", "--guidance", "1", "--steps", "6", "--solver", "dpm++2m"]
        let generated = try await Tool.run(
            ["generate", "--seed", "5", "--save-latents", "-o", folder.path("a.png"), "--json"] + prompt)
        #expect(generated.json.first?["solver"] as? String == "dpm++2m", "\(generated.stderr)")
        let naive = try await Tool.run(
            ["invert", folder.path("a.z_0.npy"), "--compare", folder.path("a.z_T.npy"), "--json"] + prompt)
        let report = try #require(naive.json.first)
        #expect(report["solver"] as? String == "dpm++2m" && report["inverse"] as? String == "naive")
        #expect(try #require(report["nmse_db"] as? Double) < 2)
    }

    @Test(arguments: [["--solver", "euler"], ["--inverse", "perfect"], ["--solver", "flow"]])
    func otherSolversAreRefused(_ arguments: [String]) async throws {
        let output = try await Tool.run(
            ["verify", "samples/images/clean-1.png", "--key", "samples/demo.key.json"] + arguments)
        #expect(output.status == (arguments[1] == "flow" ? 2 : 64))
        #expect(output.stderr.contains(arguments[1]))
    }

    @Test func generateIntoAFolder() async throws {
        let folder = try TemporaryFolder()
        let prompts = try folder.write("prompts.txt", Data("sea at night\nhills at dawn\n".utf8))
        let output = try await Tool.run([
            "generate", "--prompt-file", prompts, "--steps", "2", "--seed", "40", "-o", folder.path("out"), "--quiet",
        ])
        #expect(output.status == 0, "\(output.stderr)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
        #expect(files == ["image-40.png", "image-41.png"])
        #expect(output.stdout.contains("no mark"))
        let first = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/image-40.png")))
        let again = try await Tool.run([
            "generate", "--prompt", "sea at night", "--steps", "2", "--seed", "40", "-o", folder.path("again.png"),
        ])
        #expect(again.status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("again.png"))) == first)
    }

    @Test func modelsTellsWhatIsThere() async throws {
        let text = try await Tool.run(["models", "samples/grove"])
        #expect(text.status == 0, "\(text.stderr)")
        for word in ["128×128", "4x32x32", "0.18215", "epsilon", "unet", "vae_encoder", "5198 k", "loads in"] {
            #expect(text.stdout.contains(word), "no \(word) in \(text.stdout)")
        }
        let json = try await Tool.run(["models", "--json"], environment: ["RINGKEY_MODEL": "samples/grove"])
        #expect(json.json.first?["name"] as? String == "grove")
    }

    @Test(arguments: ["verify", "invert", "generate", "noise", "keygen", "models"])
    func helpHasExamples(_ command: String) async throws {
        let output = try await Tool.run([command, "--help"])
        #expect(output.status == 0)
        #expect(output.stdout.contains("ringkey \(command)"), "\(output.stdout)")
    }

    @Test func version() async throws {
        let output = try await Tool.run(["--version"])
        #expect(output.status == 0)
        #expect(output.stdout.split(separator: ".").count == 3)
    }

    /// The contract of the exit codes, as the help prints it.
    @Test func exitCodesAreDocumented() async throws {
        let output = try await Tool.run(["--help"])
        for word in ["0 found", "1 not found", "2 error", "3 undecided", "64 usage"] {
            #expect(output.stdout.replacing("\n", with: " ").contains(word))
        }
    }
}
