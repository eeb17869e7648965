import CheckpointModels
import Foundation
import InputErrors
import Models
import Tensors
import TensorFiles
import TestSupport
import Testing

/// Whole folders of diffusers, changed in one place.
@Suite struct FolderTests {
    private static let pipelines = Fixtures.url("checkpoints/pipelines")
    private static let noCache = ["RINGKEY_CACHE": ""]

    /// A copy of a pipeline's folder, for as long as the result lives.
    private func copy(_ name: String) throws -> (folder: TemporaryFolder, path: String) {
        let folder = try TemporaryFolder()
        let target = folder.url.appendingPathComponent(name)
        try FileManager.default.copyItem(at: Self.pipelines.appendingPathComponent(name), to: target)
        return (folder, target.path)
    }

    private func open(_ path: String, _ precision: Precision = .float32) throws -> CheckpointModel {
        try CheckpointModel(
            CheckpointParts(folder: path), options: ExecutionOptions(precision: precision), environment: Self.noCache)
    }

    /// The tokens of the empty prompt hang on the tokenizer, so the digest does.
    @Test func theDigestKnowsTheTokenizer() throws {
        let (folder, path) = try copy("sd1")
        let before = try open(path).digest()
        let settings = URL(fileURLWithPath: path + "/tokenizer/tokenizer_config.json")
        let text = try String(contentsOf: settings, encoding: .utf8)
        try (text + "\n").write(to: settings, atomically: true, encoding: .utf8)
        #expect(try open(path).digest() != before)
        withExtendedLifetime(folder) {}
    }

    @Test func aSchedulerIsNeeded() throws {
        let (folder, path) = try copy("sd1")
        try FileManager.default.removeItem(atPath: path + "/scheduler")
        let error = refusal { _ = try open(path) }
        #expect(error?.code == .notAModel && error?.expected == "a folder scheduler/")
        withExtendedLifetime(folder) {}
    }

    /// An empty prompt of other shapes than other prompts have would meet them in one batch.
    @Test func theEmptyPromptFitsOtherPrompts() throws {
        let (folder, path) = try copy("sd1")
        let file = path + "/empty_prompt.safetensors"
        try SafetensorsFile.write([("prompt_embeds", Tensor(zeros: [1, 5, 8]))], to: file, overwrite: false)
        let encoder = try #require(try open(path).textEncoder)
        #expect(try encoder.encode([""]).tokens.shape == [1, 5, 8])
        let error = refusal { _ = try encoder.encode(["sea"]) }
        #expect(error?.code == .wrongShape && error?.subject == file)
        withExtendedLifetime(folder) {}
    }

    /// A transformer stays float32, and its autoencoder does not: the model is said to be int8.
    @Test func precisionIsThatOfAnyNetwork() throws {
        let path = Self.pipelines.appendingPathComponent("sd3").path
        #expect(try open(path, .int8).precision == .int8)
        #expect(try open(path).precision == .float32)
        #expect(try open(path, .int8).identity().precision == .int8)
        #expect(try open(path).identity().precision == nil)
    }

    /// 8 bits would make numbers of it.
    @Test(arguments: ["encoder.conv_in.weight", "encoder.conv_in.bias", "encoder.conv_norm_out.weight"])
    func noNumberIsRefusedInInt8(_ tensor: String) throws {
        let (folder, path) = try copy("sd1")
        let weights = path + "/vae/diffusion_pytorch_model.safetensors"
        let file = try SafetensorsFile(contentsOf: weights)
        let changed = try file.names.map { name in
            var values = try file.tensor(named: name)
            if name == tensor { values = Tensor([.nan] + values.elements.dropFirst(), shape: values.shape) }
            return (name, values)
        }
        try SafetensorsFile.write(changed, to: weights, overwrite: true)
        let autoencoder = try #require(try open(path, .int8).autoencoder)
        let error = refusal { _ = try autoencoder.encode(Tensor(zeros: [1, 3, 16, 16])) }
        #expect(error?.code == .notFinite && error?.subject.hasSuffix(": \(tensor)") == true)
        withExtendedLifetime(folder) {}
    }

    /// Latents of four times the model's side are the largest there are.
    @Test func sizesHaveABound() throws {
        let model = try open(Self.pipelines.appendingPathComponent("sd1").path)
        let shape = model.latentShape
        let largest = LatentShape(channels: 4, height: 4 * shape.height, width: 4 * shape.width)
        #expect(try model.sized(largest).imageSize == (4 * model.imageSize.height, 4 * model.imageSize.width))
        let error = refusal {
            _ = try model.sized(LatentShape(channels: 4, height: shape.height, width: 4 * shape.width + 1))
        }
        #expect(error?.code == .keyMismatch)
    }

    @Test func aFolderWithoutAnAutoencoderIsNamed() throws {
        let (folder, path) = try copy("sd1")
        try FileManager.default.removeItem(atPath: path + "/vae")
        #expect(CheckpointBackend().recognises(path))
        let error = refusal { _ = try open(path) }
        #expect(error?.subject == path && error?.expected == "a folder vae/")
        withExtendedLifetime(folder) {}
    }
}
