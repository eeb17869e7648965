import Foundation
import TensorFiles
import TestSupport
import Testing

/// Sizes that nobody means, refused before anything is made of them.
@Suite(.takesTurns) struct AbsurdSizeTests {
    /// An empty array may have any extents besides the 0; all of the channels are no list then.
    @Test func anEmptySpectrumOfManyChannelsIsRefused() async throws {
        let folder = try TemporaryFolder()
        let empty = NpyArray(shape: [1 << 59, 0, 0], elements: .complex64([]))
        let source = try folder.write("x_-1_10_rand.npy", empty.data)
        let output = try await Tool.run(["key", "import", source, "-o", folder.path("k.json")])
        #expect(output.status == 2 && output.stderr.contains("found 576460752303423488x0x0"), "\(output)")
    }

    /// Under a limit of the address space, an image of 1.2 GB is neither damaged nor the end of the process.
    @Test func anImageThatThereIsNoMemoryFor() async throws {
        let image = Fixtures.url("CLI/huge-header.png").path
        // ulimit -v 1000000; ringkey verify huge-header.png --key samples/demo.key.json --max-megapixels 500
        let tool = try RunningTool(
            ["verify", image, "--key", "samples/demo.key.json", "--max-megapixels", "500", "--quiet"],
            prefix: ["bash", "-c", "ulimit -v 1000000; exec \"$0\" \"$@\""])
        let end = try await tool.finish()
        #expect(end.status == 2, "\(end)")
        #expect(end.stderr == "ringkey: \(image): expected 1200000000 bytes of free memory, found less than that\n")
    }

    @Test func moreImagesThanAnybodyWantsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let prompts = try folder.write("p.txt", Data(String(repeating: "sea\n", count: 10_000).utf8))
        // ringkey generate --prompt-file p.txt --count 1000000 -o out
        let output = try await Tool.run([
            "generate", "--prompt-file", prompts, "--count", "1000000", "-o", folder.path("out"),
        ])
        #expect(output.status == 2 && output.stderr.contains("at most 1000000 images"), "\(output)")
        #expect(try folder.names == ["p.txt"])
    }
}
