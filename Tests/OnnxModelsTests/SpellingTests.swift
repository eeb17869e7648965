import Foundation
import InputErrors
import Models
import Tensors
import TestSupport
import Testing

/// The spellings, types and shapes of older and newer exports on tiny graphs, whose results are exact in float16 too.
struct SpellingTests {
    /// Multiples of 1/4 below 8: exact in half precision, also doubled and with a timestep below 512 added.
    private func ramp(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.reduce(1, *)).map { Float($0 % 29) / 4 - 3 }, shape: shape)
    }

    /// The element of 3×5 planes under an element of 6×10 planes.
    private static func block(of index: Int) -> Int {
        let (plane, y, x) = (index / 60, index % 60 / 10, index % 10)
        return plane * 15 + y / 2 * 5 + x / 2
    }

    @Test(
        arguments: [
            "unet-i64-scalar", "unet-i64-one", "unet-i64-steps", "unet-i32-scalar", "unet-f32-scalar", "unet-f32-batch",
            "unet-f64-one", "unet-half-i64-one", "unet-half-half-scalar", "unet-old-names", "unet-batch-1",
            "unet-batch-2",
        ], [1, 2, 3]) func predicts(graph: String, batch: Int) throws
    {
        let folder = try SyntheticFolder(unet: graph)
        let model = try folder.open()
        let latents = ramp([batch, 2, 3, 5])
        // One mean an item: 0.25, 0.5, 0.75.
        let conditioning = Conditioning(
            tokens: Tensor((0..<batch * 12).map { Float($0 / 12 + 1) / 4 }, shape: [batch, 4, 3]))
        let output = try model.onnxNoisePredictor.predict(latents, timestep: 301, conditioning: conditioning)
        let expected: [Float] = latents.elements.enumerated().map { index, x in 2 * x + 301 + Float(index / 30 + 1) / 4
        }
        #expect(output.shape == latents.shape)
        #expect(output.elements == expected)
    }

    @Test func sharesOneConditioning() throws {
        let folder = try SyntheticFolder()
        let conditioning = Conditioning(tokens: Tensor([Float](repeating: 0.5, count: 6), shape: [1, 2, 3]))
        let output = try folder.open().onnxNoisePredictor.predict(
            ramp([3, 2, 3, 5]), timestep: 7, conditioning: conditioning)
        #expect(output.elements == ramp([3, 2, 3, 5]).elements.map { 2 * $0 + 7.5 })
    }

    @Test func takesFractionsOnlyWhereTheGraphDoes() throws {
        let conditioning = Conditioning(tokens: Tensor(zeros: [1, 2, 3]))
        let float = try SyntheticFolder(unet: "unet-f32-scalar")
        let output = try float.open().onnxNoisePredictor.predict(
            Tensor(zeros: [1, 2, 3, 5]), timestep: 0.5, conditioning: conditioning)
        #expect(output.elements == [Float](repeating: 0.5, count: 30))
        let integer = try SyntheticFolder(unet: "unet-i64-one")
        let error = #expect(throws: InputError.self) {
            try integer.open().onnxNoisePredictor.predict(
                Tensor(zeros: [1, 2, 3, 5]), timestep: 0.5, conditioning: conditioning)
        }
        #expect(error?.code == .modelGraph && error?.found == "0.5")
    }

    @Test(arguments: ["encoder-moments", "encoder-sample", "encoder-half", "encoder-batch-2"], [1, 2, 5])
    func encodes(graph: String, batch: Int) throws {
        let folder = try SyntheticFolder(encoder: graph)
        // Constant 2×2 blocks, so that the mean of each is its value.
        let blocks = ramp([batch, 3, 3, 5]).elements
        let pixels: [Float] = (0..<batch * 3 * 60).map { blocks[Self.block(of: $0)] }
        let latents = try folder.open().onnxAutoencoder.encode(Tensor(pixels, shape: [batch, 3, 6, 10]))
        var expected: [Float] = []
        for item in 0..<batch {
            for value in blocks[item * 45..<item * 45 + 30] { expected.append(0.5 * (value - 0.25)) }
        }
        #expect(latents.shape == [batch, 2, 3, 5])
        #expect(latents.elements == expected)
    }

    @Test(arguments: ["decoder", "decoder-half", "decoder-old-name", "decoder-external"], [1, 3])
    func decodes(graph: String, batch: Int) throws {
        let folder = try SyntheticFolder(decoder: graph)
        if graph == "decoder-external" {
            try folder.copy(
                Fixtures.url("OnnxModels/graphs/weights.onnx_data"), to: "vae_decoder/weights.onnx_data")
        }
        let latents = ramp([batch, 2, 3, 5])
        let unscaled = latents.elements.map { $0 / 0.5 + 0.25 }
        let images = try folder.open().onnxAutoencoder.decode(latents)
        #expect(images.shape == [batch, 3, 6, 10])
        var expected: [Float] = []
        for index in 0..<batch * 180 {
            let (item, channel) = (index / 180, index % 180 / 60)
            let first = unscaled[Self.block(of: item * 120 + index % 60)]
            let second = unscaled[Self.block(of: item * 120 + 60 + index % 60)]
            expected.append([first, second, first + second][channel])
        }
        #expect(images.elements == expected)
    }

    @Test(arguments: ["text", "text-i32", "text-half"]) func encodesText(graph: String) throws {
        let folder = try SyntheticFolder(text: graph)
        let model = try folder.open()
        let ids = try model.onnxTextEncoder.tokenizer().encode("sea at dawn")
        #expect(ids.count == 7, "the text encoder's positions limit the length")
        let states = try model.onnxTextEncoder.encode(["sea at dawn"]).tokens
        #expect(states.shape == [1, 7, 3])
        let exact: [Float] = ids.flatMap { id in [0.25, 0.5, 0.75].map { Float(id) * $0 } }
        // Half precision keeps 11 bits of values up to 438: half a step is 0.125.
        expectClose(states.elements, exact, absolute: graph == "text-half" ? 0.125 : 0)
    }

    /// Stable Diffusion 2 pads with `!`, which only `special_tokens_map.json` says; tokens may be objects; transformers
    /// writes 1e30 for no limit.
    @Test(arguments: [("5", 5), ("1000000000000000019884624838656", 7), ("1e30", 7)])
    func readsTokenizerSettings(length: String, expected: Int) throws {
        let folder = try SyntheticFolder(files: [
            "tokenizer/tokenizer_config.json": """
            {"model_max_length": \(length), "pad_token": "<|endoftext|>", "eos_token": {"content": "<|endoftext|>"}}
            """,
            "tokenizer/special_tokens_map.json": #"{"pad_token": {"content": "!", "lstrip": false}}"#,
        ])
        let ids = try folder.open().onnxTextEncoder.tokenizer().encode("at!")
        #expect(ids == [582, 530, 33, 583] + [Int](repeating: 33, count: expected - 4))
    }

    @Test func tellsThatAnEncoderIsRandom() throws {
        let folder = try SyntheticFolder(encoder: "encoder-random")
        let graphs = try folder.open().summary(loading: false).graphs
        #expect(graphs.filter(\.isRandom).map(\.part) == [ModelPart.vaeEncoder.rawValue])
    }

    @Test func countsExternalParameters() throws {
        let folder = try SyntheticFolder(decoder: "decoder-external")
        try folder.copy(Fixtures.url("OnnxModels/graphs/weights.onnx_data"), to: "vae_decoder/weights.onnx_data")
        let graphs = try folder.open().summary().graphs
        let decoder = try #require(graphs.first { $0.part == ModelPart.vaeDecoder.rawValue })
        #expect(decoder.parameterCount == 24 && decoder.fileSize == 267 + 96 && decoder.failure == nil)
    }

    @Test func refusesOutputsThatAreNotFinite() throws {
        let folder = try SyntheticFolder(unet: "unet-half-i64-one")
        let error = #expect(throws: InputError.self) {
            // 2 · 40,000 is beyond half precision.
            try folder.open().onnxNoisePredictor.predict(
                Tensor([Float](repeating: 40_000, count: 30), shape: [1, 2, 3, 5]), timestep: 1,
                conditioning: Conditioning(tokens: Tensor(zeros: [1, 2, 3])))
        }
        #expect(error?.code == .notFinite && error?.found == "NaN or infinity")
    }
}
