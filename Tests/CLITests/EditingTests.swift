import Foundation
import Images
import Pictures
import TestSupport
import Testing

/// `ringkey generate` from given noise, with the background of an original put back, in four steps.
@Suite(.takesTurns) struct EditingTests {
    private static let few = ["--steps", "4", "--quiet"]

    private func mask(_ folder: TemporaryFolder, _ name: String, _ isWhite: (Int) -> Bool) throws -> String {
        let image = RGBImage(
            width: 128, height: 128, pixels: (0..<128 * 128 * 3).map { isWhite($0 / 3 / 128) ? 255 : 0 })
        try folder.write(name, Data(PNGEncoder.encode(image)))
        return folder.path(name)
    }

    private func squares(_ a: RGBImage, _ b: RGBImage, rows: Range<Int>) -> Double {
        (rows.lowerBound * 384..<rows.upperBound * 384).reduce(0) {
            $0 + pow(Double(a.pixels[$1]) - Double(b.pixels[$1]), 2)
        }
    }

    @Test func theBackgroundIsThatOfTheOriginal() async throws {
        let folder = try TemporaryFolder()
        // ringkey generate --prompt "sea at noon" --seed 5 --steps 4 --save-latents -o o.png
        let made = try await Tool.run(
            ["generate", "--prompt", "sea at noon", "--seed", "5", "--save-latents", "-o", folder.path("o.png")]
                + Self.few)
        #expect(made.status == 0, "\(made.stderr)")
        let original = try ImageFile.read(folder.path("o.png"))
        let noise = ["--init-noise", folder.path("o.z_T.npy")]

        func edited(_ name: String, prompt: String = "mountains at night", _ more: [String]) async throws -> RGBImage {
            let output = try await Tool.run(
                ["generate", "--prompt", prompt, "-o", folder.path(name)] + noise + more + Self.few)
            #expect(output.status == 0, "\(output.stderr)")
            return try ImageFile.read(folder.path(name))
        }
        func blended(_ name: String, _ mask: String, after step: Int) async throws -> RGBImage {
            try await edited(
                name, ["--blend-with", folder.path("o.z_0.npy"), "--mask", mask, "--blend-step", "\(step)"])
        }
        #expect(try await edited("same.png", prompt: "sea at noon", []) == original)
        let free = try await edited("free.png", [])
        let black = try mask(folder, "black.png") { _ in false }
        let white = try mask(folder, "white.png") { _ in true }
        let upper = try mask(folder, "upper.png") { $0 < 64 }
        // After the last step nothing but the original's latent is left outside the mask.
        #expect(try await blended("kept.png", black, after: 4) == original)
        #expect(try await blended("unkept.png", white, after: 2) == free)
        let half = try await blended("half.png", upper, after: 3)
        let below = 72..<128
        #expect(squares(half, original, rows: below) < 0.25 * squares(free, original, rows: below))
        #expect(squares(half, original, rows: 0..<56) > 0.25 * squares(free, original, rows: 0..<56))
    }

    @Test func theLineSaysWhatWasEdited() async throws {
        let folder = try TemporaryFolder()
        let noise = try await Tool.run(["noise", "--key", "samples/demo.key.json", "-o", folder.path("z.npy")])
        #expect(noise.status == 0, "\(noise.stderr)")
        let output = try await Tool.run([
            "generate", "--prompt", "sea", "--steps", "1", "--init-noise", folder.path("z.npy"), "-o",
            folder.path("a.png"), "--json",
        ])
        let line = try #require(output.json.first, "\(output.stderr)")
        #expect(line["init_noise"] as? String == folder.path("z.npy"))
        #expect(line["seed"] == nil)
    }

    @Test(arguments: [
        (["--init-noise", "z.npy", "--seed", "1"], 64, "--seed"), (["--mask", "m.png"], 64, "--blend-with"),
        (["--blend-with", "z.npy"], 64, "--mask"), (["--blend-step", "3"], 64, "--blend-with"),
        (["--blend-with", "z.npy", "--mask", "m.png", "--blend-step", "5"], 64, "5"),
        (["--init-noise", "no/such.npy"], 2, "no/such.npy"),
        (["--init-noise", "z.npy", "--count", "2"], 2, "2 images"),
        (["--init-noise", "Tests/Fixtures/CLI/odd-shape.npy"], 2, "latent shape"),
        (["--blend-with", "no/such.npy", "--mask", "samples/images/clean-1.png"], 2, "no/such.npy"),
        (["--blend-with", "no/such.npy", "--mask", "Tests/Fixtures/Images/formats/rgb8.png"], 2, "13×7"),
        (["--blend-with", "Tests/Fixtures/CLI/odd-shape.npy", "--mask", "no/such.png"], 2, "no/such.png"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int, _ word: String) async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run(
            ["generate", "--prompt", "sea", "-o", folder.path("a.png")] + arguments + Self.few)
        #expect(output.status == Int32(status), "\(output.stderr)")
        #expect(output.errorLines.count <= 3 && output.stderr.contains(word), "\(output.stderr)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.png")))
    }

    /// A DPM-Solver's inversion visits other noise levels than its sampling.
    @Test func aBlendNeedsASolverThatGoesBackAsItCame() async throws {
        let folder = try TemporaryFolder()
        let noise = try await Tool.run(["noise", "--key", "samples/demo.key.json", "-o", folder.path("z.npy")])
        #expect(noise.status == 0, "\(noise.stderr)")
        let output = try await Tool.run(
            [
                "generate", "--prompt", "sea", "--solver", "dpm++2m", "--blend-with", folder.path("z.npy"), "--mask",
                "samples/images/clean-1.png", "-o", folder.path("a.png"),
            ] + Self.few)
        #expect(output.status == 2 && output.stderr.contains("ddim"), "\(output.stderr)")
    }
}
