import Foundation
import TensorFiles
import TestSupport
import Testing

/// Bad input through the real binary: exit code 2, one line on stderr that names the file, what was expected and what was
/// found, and nothing half-written.
@Suite(.takesTurns) struct BadInputTests {
    static let key = "samples/demo.key.json"
    static let image = "samples/images/marked-1.png"

    static func sample(_ path: String) throws -> Data {
        try Data(contentsOf: Fixtures.repository.appendingPathComponent(path))
    }

    /// Runs `verify` on one file of the given content.
    private func expectRefusal(
        _ name: String, _ content: Data, mentioning words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, content)
        // ringkey verify FILE --key samples/demo.key.json
        try await expectRefusal(
            ["verify", path, "--key", Self.key], mentioning: [path] + words, sourceLocation: sourceLocation)
    }

    private func expectRefusal(
        _ arguments: [String], mentioning words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let output = try await Tool.run(arguments)
        #expect(output.status == 2, "\(output.stderr)", sourceLocation: sourceLocation)
        let lines = output.errorLines.filter { !$0.contains("warning") }
        #expect(lines.count == 1, "\(output.stderr)", sourceLocation: sourceLocation)
        for word in words + ["expected", "found"] {
            #expect(output.stderr.contains(word), "no \(word) in: \(output.stderr)", sourceLocation: sourceLocation)
        }
    }

    @Test func missingFile() async throws {
        try await expectRefusal(
            ["verify", "no/such.png", "--key", Self.key], mentioning: ["no/such.png", "no such file"])
    }

    @Test func folder() async throws {
        try await expectRefusal(["verify", "samples", "--key", Self.key], mentioning: ["samples", "a folder"])
    }

    @Test func device() async throws {
        try await expectRefusal(["verify", "/dev/zero", "--key", Self.key], mentioning: ["/dev/zero", "device"])
    }

    @Test func emptyImage() async throws { try await expectRefusal("empty.png", Data(), mentioning: ["an empty file"]) }

    @Test func textNamedPNG() async throws {
        try await expectRefusal("text.png", Data("hello\n".utf8), mentioning: ["an image: PNG, JPEG"])
    }

    @Test(arguments: ["Images/truncated.png", "Images/truncated.jpg", "Images/truncated.webp"])
    func truncated(_ fixture: String) async throws {
        let content = try Data(contentsOf: Fixtures.url("CLI/\(URL(fileURLWithPath: fixture).lastPathComponent)"))
        try await expectRefusal(URL(fileURLWithPath: fixture).lastPathComponent, content, mentioning: ["a complete"])
    }

    @Test func sizeThatLies() async throws {
        var png = try Self.sample(Self.image)
        png.replaceSubrange(16..<24, with: [0, 0, 1, 0, 0, 0, 1, 0])
        try await expectRefusal("lie.png", png, mentioning: ["a complete PNG image"])
    }

    @Test func hugeHeader() async throws {
        try await expectRefusal(
            "huge.png", try Data(contentsOf: Fixtures.url("CLI/huge-header.png")),
            mentioning: ["100 megapixels", "20000×20000"])
    }

    /// One pixel is an image: it is judged, and said to have been resampled.
    @Test func onePixel() async throws {
        let output = try await Tool.run(
            ["verify", Fixtures.url("CLI/one-pixel.png").path, "--key", Self.key, "--json"])
        #expect([1, 3].contains(output.status), "\(output.stderr)")
        #expect(output.json.count == 1)
        #expect(output.stdout.contains("image_resampled"))
    }

    @Test func notANumberInLatent() async throws {
        try await expectRefusal(
            ["invert", Fixtures.url("CLI/nan.npy").path, "-o", "/tmp/never.npy"], mentioning: ["nan.npy", "index 5"])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/never.npy"))
    }

    @Test func keyOfAnotherShape() async throws {
        let folder = try TemporaryFolder()
        // ringkey keygen -o other.json --latent 5x64x64
        #expect(try await Tool.run(["keygen", "-o", folder.path("other.json"), "--latent", "5x64x64"]).status == 0)
        try await expectRefusal(
            ["verify", Self.image, "--key", folder.path("other.json")], mentioning: ["4x32x32", "5x64x64"])
    }

    @Test(arguments: [
        (#"{"format": "#, "at byte 11, found the end"),
        ("[]", "an object"),
        (#"{"format":"ringkey.key/1"}"#, "a member "),
        (#"{"format":5}"#, "format: expected a text"),
        ("\u{FEFF}{\"format\":\"ringkey.key/1\",\"format\":\"ringkey.key/1\"}", "'format' again"),
    ])
    func damagedKey(_ content: String, _ word: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("bad.json", Data(content.utf8))
        chmod(path, 0o600)
        try await expectRefusal(["verify", Self.image, "--key", path], mentioning: [path, word])
    }

    /// Foundation's decoder trapped on such a model and such a key.
    @Test func bytesThatAreNotUTF8() async throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: Fixtures.url("CLI/not-utf-8.json"))
        let key = try folder.write("k.json", bytes)
        chmod(key, 0o600)
        try await expectRefusal(["key", "show", key], mentioning: [key, "byte 0xff at offset 1", "save it as UTF-8"])
        let model = try copyOfModel()
        let scheduler = model.url.appendingPathComponent("grove/scheduler/scheduler_config.json")
        try FileManager.default.removeItem(at: scheduler)
        try bytes.write(to: scheduler)
        try await expectRefusal(["models", model.path("grove")], mentioning: [scheduler.path, "at offset 1"])
    }

    @Test(arguments: [
        (#""ringkey.key/1""#, #""ringkey.key/9""#, "format"),
        (#""spread""#, #""spiral""#, "pattern"),
        (#""radius" : 10"#, #""radius" : 1000"#, "radius"),
        (#""radius" : 10"#, #""radius" : "ten""#, "radius"),
        (#""radius" : 10"#, #""radius" : 9"#, "fingerprint"),
        (#""secret" : ""#, #""secret" : "zz"#, "secret"),
    ])
    func alteredKey(_ original: String, _ replacement: String, _ word: String) async throws {
        let folder = try TemporaryFolder()
        let text = String(decoding: try Self.sample(Self.key), as: UTF8.self)
        #expect(text.contains(original), "the sample key has no \(original)")
        let path = try folder.write("bad.json", Data(text.replacingOccurrences(of: original, with: replacement).utf8))
        chmod(path, 0o600)
        try await expectRefusal(["verify", Self.image, "--key", path], mentioning: [path, word])
    }

    @Test func keyThatOthersCanWrite() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("open.json", try Self.sample(Self.key))
        chmod(path, 0o662)
        try await expectRefusal(["verify", Self.image, "--key", path], mentioning: [path, "chmod 600", "662"])
    }

    @Test func modelWithoutUNet() async throws {
        let folder = try copyOfModel()
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("grove/unet"))
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--model", folder.path("grove")], mentioning: ["unet"])
    }

    @Test func corruptGraph() async throws {
        let folder = try copyOfModel()
        let graph = folder.url.appendingPathComponent("grove/vae_encoder/model.onnx")
        try FileManager.default.removeItem(at: graph)
        try Data("not a graph".utf8).write(to: graph)
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--model", folder.path("grove")],
            mentioning: ["vae_encoder/model.onnx"])
    }

    @Test func schedulerThatCannotBeFollowed() async throws {
        let folder = try copyOfModel()
        let file = folder.url.appendingPathComponent("grove/scheduler/scheduler_config.json")
        try FileManager.default.removeItem(at: file)
        try Data(#"{"_class_name":"EDMEulerScheduler"}"#.utf8).write(to: file)
        try await expectRefusal(
            ["models", folder.path("grove")], mentioning: ["scheduler_config.json", "EDMEulerScheduler"])
    }

    @Test func noModelFolder() async throws {
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--model", "no/model"],
            mentioning: ["no/model", "a model in the format"])
    }

    @Test func unknownProvider() async throws {
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--provider", "Abacus"], mentioning: ["cpu", "Abacus"])
    }

    @Test func missingRuntime() async throws {
        try await expectRefusal(
            ["verify", Self.image, "--key", Self.key, "--onnxruntime", "no/lib.so"],
            mentioning: ["no/lib.so", "1.18"])
    }

    @Test func unwritableOutput() async throws {
        try await expectRefusal(
            ["noise", "--key", Self.key, "-o", "/proc/nothing/z.npy"], mentioning: ["/proc/nothing/z.npy"])
        try await expectRefusal(["keygen", "-o", "no/such/folder/k.json"], mentioning: ["no/such/folder/k.json"])
    }

    @Test func existingOutput() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("z.npy", Data("mine".utf8))
        try await expectRefusal(["noise", "--key", Self.key, "-o", path], mentioning: [path, "--force"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
        #expect(try await Tool.run(["noise", "--key", Self.key, "-o", path, "--force"]).status == 0)
        #expect(try folder.names == ["z.npy"])
    }

    @Test func badLatentShape() async throws {
        try await expectRefusal(
            ["invert", Fixtures.url("CLI/odd-shape.npy").path, "-o", "/tmp/never.npy"],
            mentioning: ["odd-shape.npy", "[1, 4, 32, 32]", "[3, 5, 7]"])
    }

    /// One bad file does not stop the others, and the exit code tells of it.
    @Test func batchGoesOnPastABadFile() async throws {
        let output = try await Tool.run(
            ["verify", "no/such.png", Self.image, "--key", Self.key, "--json", "--decoys", "0"])
        #expect(output.status == 2)
        #expect(output.json.count == 1)
        #expect(output.json.first?["verdict"] as? String == "watermarked")
    }

    @Test(arguments: [
        ["verify"], ["verify", image], ["verify", image, "--key", key, "--frp", "1e-3"],
        ["verify", image, "--key", key, "--fpr", "2"], ["verify", image, image, "--key", key, "--plot", "x.png"],
        ["verify", image, "--key", key, "--decoder-inversion", "magic"], ["generate", "-o", "x"], ["invert", image],
        ["frobnicate"],
    ])
    func usage(_ arguments: [String]) async throws {
        let output = try await Tool.run(arguments)
        #expect(output.status == 64, "\(output.status): \(output.stderr)")
        #expect(output.stdout.isEmpty)
        #expect(output.stderr.contains("Usage"))
    }

    /// The ending says what a picture is written as; another one is refused before anything is read.
    @Test(arguments: ["x.gif", "x", "png", "x.png.txt"])
    func pictureOfAnotherKind(_ path: String) async throws {
        for arguments in [["verify", "no/such.png", "--key", Self.key], ["invert", "no/such.png"]] {
            let output = try await Tool.run(arguments + ["--plot", path])
            #expect(output.status == 64, "\(output.status): \(output.stderr)")
            #expect(output.stderr.contains(".svg or .png, found \(path)"), "\(output.stderr)")
        }
    }

    /// The sample model, its large files linked.
    private func copyOfModel() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let source = Fixtures.repository.appendingPathComponent("samples/grove")
        let target = folder.url.appendingPathComponent("grove")
        let files = FileManager.default
        for part in try files.contentsOfDirectory(atPath: source.path) {
            let from = source.appendingPathComponent(part)
            let to = target.appendingPathComponent(part)
            var isFolder: ObjCBool = false
            _ = files.fileExists(atPath: from.path, isDirectory: &isFolder)
            try files.createDirectory(
                at: isFolder.boolValue ? to : target, withIntermediateDirectories: true)
            for name in isFolder.boolValue ? try files.contentsOfDirectory(atPath: from.path) : [""] {
                try files.createSymbolicLink(
                    at: name.isEmpty ? to : to.appendingPathComponent(name),
                    withDestinationURL: name.isEmpty ? from : from.appendingPathComponent(name))
            }
        }
        return folder
    }
}
