import Foundation
import Images
import TestSupport
import Testing

/// `ringkey verify --plot`.
@Suite(.takesTurns) struct PlotTests {
    @Test func plot() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("evidence.png")
        let output = try await Tool.run([
            "verify", VerifyTests.marked[0], "--key", VerifyTests.key, "--plot", path, "--decoys", "500",
        ])
        #expect(output.status == 0)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(Array(bytes.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
        #expect(bytes.count > 20_000)
        let picture = try ImageFile.read(path)
        #expect(picture.width == 1200 && (900...1300).contains(picture.height))
        // It is not replaced without --force, and that is said before any work.
        let again = try await Tool.run(["verify", VerifyTests.marked[0], "--key", VerifyTests.key, "--plot", path])
        #expect(again.status == 2 && again.stdout.isEmpty && again.stderr.contains("--force"))
    }

    @Test func plotAsSVG() async throws {
        let folder = try TemporaryFolder()
        let (path, again) = (folder.path("evidence.SVG"), folder.path("again.svg"))
        for file in [path, again] {
            let output = try await Tool.run([
                "verify", VerifyTests.marked[0], "--key", VerifyTests.key, "--plot", file, "--decoys", "500",
            ])
            #expect(output.status == 0)
        }
        let svg = try String(contentsOfFile: path, encoding: .utf8)
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains(">watermarked</tspan>") && svg.contains("(a4b2e0aaf40f4ea7, spread), rank 1 of 501"))
        // One dot for each of the key's numbers.
        let dots = try #require(svg.split(separator: "\n").first { $0.hasPrefix(#"<path class="points""#) })
        #expect(dots.count { $0 == "M" } == 1392)
        #expect(try String(contentsOfFile: again, encoding: .utf8) == svg)
    }

    /// A machine without a librsvg that can be loaded: refused before any work, and SVG is written all the same.
    @Test func plotWithoutLibrsvg() async throws {
        let folder = try TemporaryFolder()
        try Data("nothing".utf8).write(to: folder.url.appendingPathComponent("librsvg-2.so.2"))
        func verify(_ plot: String) async throws -> Tool.Output {
            try await Tool.run(
                [
                    "verify", VerifyTests.marked[0], "--key", VerifyTests.key, "--decoys", "0", "--plot",
                    folder.path(plot),
                ],
                environment: ["LD_LIBRARY_PATH": folder.url.path])
        }
        let refused = try await verify("a.png")
        #expect(refused.status == 2 && refused.stdout.isEmpty)
        #expect(refused.stderr.contains("librsvg-2.so.2: expected librsvg 2.46 or newer"), "\(refused.stderr)")
        let output = try await verify("a.svg")
        #expect(output.status == 0, "\(output.stderr)")
    }
}
