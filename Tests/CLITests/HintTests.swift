import Foundation
import RingKeys
import TensorFiles
import TestSupport
import Testing

/// Mistakes that are known are answered with what to do.
@Suite(.takesTurns) struct HintTests {
    private let folder: TemporaryFolder
    private static let grove = Fixtures.repository.appendingPathComponent("samples/grove").path

    init() throws { folder = try TemporaryFolder() }

    /// ringkey key import key.npy --channel -1 --radius 10 --pattern zeros, also from .npz
    @Test func aNegativeChannelIsAValue() async throws {
        let npy = Fixtures.url("CLI/0a1b_3_10_zeros.npy").path
        let npz = folder.path("key.npz")
        let made = try await Tool.run(command: [
            "python3", "-c", "import zipfile; zipfile.ZipFile('\(npz)', 'w').write('\(npy)', 'key.npy')",
        ])
        #expect(made.status == 0, "\(made.stderr)")
        for (source, flag) in [(npy, ["--channel", "-1"]), (npz, ["--channel=-1"])] {
            let path = folder.path("k.json")
            let output = try await Tool.run(
                ["key", "import", source, "--radius", "10", "--pattern", "zeros", "-o", path, "--force"] + flag)
            #expect(output.status == 0, "\(output.stderr)")
            #expect(try RingKey(contentsOf: path).geometry.channels == [0, 1, 2, 3])
        }
    }

    @Test(arguments: [("pickled.pkl", "numpy.load(FILE, allow_pickle=True)"), ("torch.pt", "torch.load(FILE, ")])
    func picklesAreToBeConverted(_ name: String, _ words: String) async throws {
        let source = Fixtures.url("Tensors/archives/\(name)").path
        let output = try await Tool.run(["key", "import", source, "-o", folder.path("k.json")])
        #expect(output.status == 2 && output.errorLines.count == 1)
        #expect(output.stderr.contains(words) && output.stderr.contains("numpy.save('key.npy', "), "\(output.stderr)")
        #expect(try folder.names.isEmpty)
    }

    /// ringkey keygen --model models--owner--grove: a folder of the hub's cache is the snapshot that main names.
    @Test func theHubsCacheIsOpened() async throws {
        let model = folder.path("models--owner--grove")
        let files = FileManager.default
        try files.createDirectory(atPath: model + "/snapshots", withIntermediateDirectories: true)
        try files.createDirectory(atPath: model + "/refs", withIntermediateDirectories: true)
        func keygen() async throws -> Tool.Output {
            try await Tool.run(["keygen", "-o", folder.path("k.json"), "--model", model, "--force"])
        }
        let empty = try await keygen()
        #expect(empty.status == 2 && empty.stderr.contains("found no snapshots"), "\(empty.stderr)")
        try files.createSymbolicLink(atPath: model + "/snapshots/1a2b", withDestinationPath: Self.grove)
        #expect(try await keygen().status == 0)
        try files.createDirectory(atPath: model + "/snapshots/ffff", withIntermediateDirectories: true)
        let two = try await keygen()
        #expect(two.status == 2 && two.stderr.contains("found snapshots 1a2b, ffff"), "\(two.stderr)")
        try Data("1a2b\n".utf8).write(to: URL(fileURLWithPath: model + "/refs/main"))
        #expect(try await keygen().status == 0)
    }

    /// A folder with unet/model.fp16.onnx alone.
    @Test func aVariantOfAGraphIsNamed() async throws {
        let audit = try AuditFolder()
        let unet = audit.model + "/unet"
        try FileManager.default.moveItem(atPath: unet + "/model.onnx", toPath: unet + "/model.fp16.onnx")
        let output = try await Tool.run(["models", audit.model])
        #expect(output.status == 2 && output.errorLines.count == 1)
        #expect(
            output.stderr.contains(
                "unet/model.onnx: expected a file, found model.fp16.onnx (the graph that is to be used"),
            "\(output.stderr)")
    }

    /// ringkey noise -o z_T.npy, then ringkey invert -o z_T.npy: nothing is lost, and nothing is computed in vain.
    @Test func existingNoiseIsKept() async throws {
        let path = folder.path("z_T.npy")
        #expect(try await Tool.run(["noise", "--key", "samples/demo.key.json", "-o", path]).status == 0)
        let before = try folder.content("z_T.npy")
        let output = try await Tool.run(["invert", "samples/images/clean-1.png", "-o", path])
        #expect(output.status == 2 && output.stderr.contains("found an existing one (--force replaces it)"))
        #expect(try folder.content("z_T.npy") == before)
    }
}
