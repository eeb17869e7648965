import Foundation
import ModelFolders
import Testing

struct DigestTests {
    /// `sha256sum` of the file, and of the lines the documentation gives.
    @Test func hashesAsDocumented() throws {
        let folder = try SyntheticFolder()
        let digest = try ModelDigest(of: folder.url)
        #expect(digest.files.count == 13)
        #expect(digest.files.map(\.path) == digest.files.map(\.path).sorted())
        let index = try #require(digest.files.first { $0.path == "model_index.json" })
        #expect(index.size == 42)
        // printf '{"_class_name": "StableDiffusionPipeline"}' | sha256sum
        #expect(index.sha256 == "0b7e1db20bb359c4ed59a2f7f6f2326f1459942bdc4b6f923911fde89f14ccf1")
        let again = try ModelDigest(of: folder.url)
        #expect(again == digest)
        #expect(digest.description.count == 64)
    }

    /// The shell commands of docs/model-folders.md give this for samples/grove.
    @Test func agreesWithTheShell() throws {
        #expect(
            try ModelDigest(of: groveURL).sha256 == "a7df4e86db19820ffe1fa4427bb5f565f007d25cd5c67a7bb34e6e9eb18e03a9")
    }

    @Test func seesEveryPartAndNothingElse() throws {
        let folder = try SyntheticFolder()
        let before = try ModelDigest(of: folder.url)
        try folder.write("a card", to: "README.md")
        try folder.write("hidden", to: "unet/.cache")
        #expect(try ModelDigest(of: folder.url) == before)
        try folder.write("{ }", to: "tokenizer/special_tokens_map.json")
        let other = try ModelDigest(of: folder.url)
        #expect(other.sha256 != before.sha256)
    }

    @Test func isMadeOnce() throws {
        let folder = try SyntheticFolder()
        let model = try folder.open()
        let digest = try model.digest()
        try folder.write("changed", to: "unet/model.onnx")
        #expect(try model.digest() == digest)
    }
}
