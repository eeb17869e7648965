import Foundation
import Models
import OnnxModels
import OnnxSessions
import Tensors
import TestSupport
import Testing

/// samples/grove against torch and diffusers (`Fixtures/OnnxModels/make_grove.py`).
struct GroveTests {
    /// Opened once: sessions are made at the first use and shared by all tests, as in the tool.
    private static let shared = Result { try OnnxModel(groveURL.path, options: testOptions) }
    private let model: OnnxModel

    init() throws { model = try Self.shared.get() }

    /// Float32 convolutions summed in another order differ by about 1e-6 of values up to 5; 1e-4 is what the export
    /// script itself allows.
    private static let tolerance = 1e-4

    private func golden(_ name: String, _ shape: [Int]) throws -> Tensor {
        let file = "OnnxModels/grove/\(name).\(shape.map(String.init).joined(separator: "x")).f32"
        let data = try Data(contentsOf: Fixtures.url(file))
        let elements = data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        return Tensor(elements, shape: shape)
    }

    @Test func readsTheFolder() {
        #expect(model.name == "grove")
        #expect(model.latentShape == LatentShape(channels: 4, height: 32, width: 32))
        #expect(model.imageSize == (128, 128))
        #expect(model.folder.predictionType == .epsilon)
        #expect(model.onnxAutoencoder.scaling.factor == 0.18215)
        #expect(model.onnxAutoencoder.scaling.shift == 0)
    }

    @Test func encodesAsDiffusers() throws {
        let latents = try model.onnxAutoencoder.encode(golden("images", [2, 3, 48, 64]))
        expectClose(latents, try golden("encoded", [2, 4, 12, 16]), absolute: Self.tolerance)
    }

    @Test func decodesAsDiffusers() throws {
        let images = try model.onnxAutoencoder.decode(golden("latents", [2, 4, 12, 20]))
        expectClose(images, try golden("decoded", [2, 3, 48, 80]), absolute: Self.tolerance)
    }

    @Test func encodesPromptsAsTransformers() throws {
        let states = try model.onnxTextEncoder.encode([
            "", "mountains at dusk with sun and clouds", "A castle by the sea!",
        ])
        expectClose(states.tokens, try golden("states", [3, 16, 64]), absolute: Self.tolerance)
    }

    @Test(arguments: [1, 501, 999]) func predictsAsDiffusers(timestep: Int) throws {
        let noise = try model.onnxNoisePredictor.predict(
            golden("latents", [2, 4, 12, 20]), timestep: Double(timestep),
            conditioning: Conditioning(tokens: golden("states", [3, 16, 64]).items(0..<2)))
        expectClose(noise, try golden("noise-\(timestep)", [2, 4, 12, 20]), absolute: Self.tolerance)
    }

    /// Several threads in one session get bit for bit what one gets alone.
    @Test func runsFromSeveralThreads() async throws {
        let latents = try golden("latents", [2, 4, 12, 20])
        let states = Conditioning(tokens: try golden("states", [3, 16, 64]).item(1))
        let model = self.model
        let alone = try model.onnxNoisePredictor.predict(latents, timestep: 251, conditioning: states)
        try await withThrowingTaskGroup(of: Tensor.self) { group in
            for _ in 0..<8 {
                group.addTask { try model.onnxNoisePredictor.predict(latents, timestep: 251, conditioning: states) }
            }
            for try await result in group { #expect(result.elements == alone.elements) }
        }
    }

    private struct TokenCase: Decodable {
        let text: String
        let ids: [Int]
    }

    @Test func tokenizesAsTransformers() throws {
        let tokenizer = try model.onnxTextEncoder.tokenizer()
        let cases = try JSONDecoder().decode(
            [TokenCase].self, from: Data(contentsOf: Fixtures.url("OnnxModels/grove/tokens.json")))
        #expect(cases.count > 30)
        for item in cases { #expect(tokenizer.encode(item.text) == item.ids, "\(item.text.debugDescription)") }
    }

    @Test func summarises() throws {
        let summary = try model.summary()
        #expect(summary.isLoadable)
        #expect(summary.digest.count == 64)
        #expect(summary.latentShape == "4x32x32")
        #expect(summary.pipeline == "StableDiffusionPipeline")
        #expect(summary.scheduler == "DDIMScheduler")
        let unet = try #require(summary.graphs.first { $0.part == ModelPart.unet.rawValue })
        #expect(unet.inputs.map(\.name) == ["sample", "timestep", "encoder_hidden_states"])
        #expect(unet.inputs.map(\.description)[0] == "sample float32 [batch_size, 4, height, width]")
        #expect(unet.inputs.map(\.type) == [.float32, .int64, .float32])
        #expect(unet.outputs.map(\.name) == ["out_sample"])
        // 5,198,228 in torch; the exporter adds the table of the timestep's frequencies and some scalars.
        #expect((5_198_228..<5_198_428).contains(unet.parameterCount))
        #expect(unet.opset == 18 && unet.producer == "pytorch" && !unet.isRandom)
        let ports = try Session(contentsOf: groveURL.path + "/unet/model.onnx", options: testOptions)
        #expect(ports.inputs == unet.inputs, "the file's own reading and ONNX Runtime's agree")
    }

    @Test func preparesPartsTogether() throws {
        let fresh = try OnnxModel(groveURL.path, options: testOptions)
        try fresh.load([.vaeEncoder, .unet, .textEncoder])
        _ = try fresh.onnxTextEncoder.encode([""])
    }
}
