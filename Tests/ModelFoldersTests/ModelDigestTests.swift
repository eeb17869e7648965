import Foundation
import InputErrors
import ModelFolders
import TestSupport
import Testing

@Suite struct ModelDigestTests {
    private func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test func subfoldersOfPartsCount() throws {
        let folder = try TemporaryFolder()
        try write("{}", to: folder.path("model_index.json"))
        try write("weights", to: folder.path("unet/model.onnx"))
        let before = try ModelDigest(of: folder.url)
        try write("more weights", to: folder.path("unet/shards/a/1.bin"))
        let after = try ModelDigest(of: folder.url)
        #expect(after.files.map(\.path) == ["model_index.json", "unet/model.onnx", "unet/shards/a/1.bin"])
        #expect(after.sha256 != before.sha256)
    }

    /// A folder that cannot be listed is refused: left out, it would give one model two digests. A path of more than 4096
    /// bytes is one that nobody can list, not even root.
    @Test func aSubfolderThatCannotBeReadIsRefused() throws {
        let folder = try TemporaryFolder()
        try write("{}", to: folder.path("model_index.json"))
        try write("weights", to: folder.path("unet/model.onnx"))
        let name = String(repeating: "n", count: 250)
        var descriptor = open(folder.path("unet"), O_RDONLY | O_DIRECTORY)
        try #require(descriptor >= 0)
        for _ in 0..<20 {
            try #require(mkdirat(descriptor, name, 0o755) == 0)
            let next = openat(descriptor, name, O_RDONLY | O_DIRECTORY)
            close(descriptor)
            descriptor = next
            try #require(descriptor >= 0)
        }
        close(descriptor)
        let error = #expect(throws: InputError.self) { try ModelDigest(of: folder.url) }
        #expect(error?.code == .notReadable && error?.subject.contains("unet/\(name)") == true)
    }
}
