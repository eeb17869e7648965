import Models
import OnnxSessions
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Networks in int8 against what diffusers computes in float32.
///
/// A product in int8 is 1 to 2 % off. Networks of four to eight channels, whose every error reaches every output, end at 0.4
/// to 8.5 %, more the more layers there are. One tensor in the wrong place is off by 100 %.
@Suite struct QuantizedNetworksTests {
    private static let bound = 0.1
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: UNet2DConditionModelTests.cases) func unet(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = UNet2DConditionModel(configuration: try .init(example.configuration()))
        let (sample, expected) = (try example.expected("sample"), try example.expected("out"))
        let weights = try example.weights()
        let graph = try Int8Graph(weights, size: sample.imageSize, in: folder) { try network.graph(weights, $0) }
        for item in 0..<sample.batch {
            let inputs = try graph.session.inputs.map { port in
                let whole = try example.expected(port.name)
                return whole.batch == sample.batch ? whole.item(item) : whole
            }
            let error = try graph.session.run(inputs).relativeError(to: expected.item(item))
            #expect(error < Self.bound)
            // It is int8 indeed.
            #expect(error > 1e-3)
        }
    }

    @Test(arguments: AutoencoderKLTests.cases) func autoencoder(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = AutoencoderKL(configuration: try .init(example.configuration()))
        let weights = try example.weights()
        for (input, output, build) in [
            ("image", "latents_mode", network.encoderGraph), ("latent", "decoded", network.decoderGraph),
        ] {
            let (given, expected) = (try example.expected(input), try example.expected(output))
            let graph = try Int8Graph(weights, size: given.imageSize, in: folder) { try build(weights, $0) }
            for item in 0..<given.batch {
                let made = try graph.session.run([given.item(item)]).first(expected.shape[1])
                let error = made.relativeError(to: expected.item(item))
                #expect(error < Self.bound)
                #expect(error > 1e-3)
            }
        }
    }

    @Test func ports() throws {
        let example = try CheckpointCase("UNet2DConditionModel/xl")
        let network = UNet2DConditionModel(configuration: try .init(example.configuration()))
        let weights = try example.weights()
        let size = ImageSize(height: 8, width: 12)
        let session = try Int8Graph(weights, size: size, in: folder) { try network.graph(weights, $0) }.session
        #expect(
            session.inputs.map(\.description) == [
                "sample float32 [1, 4, 8, 12]", "timestep float32 [1]", "encoder_hidden_states float32 [1, tokens, 6]",
                "text_embeds float32 [1, pooled]", "time_ids float32 [1, sizes]",
            ])
        #expect(session.outputs.map(\.description) == ["out_sample float32 [1, 4, 8, 12]"])
    }

    /// The same refusals as in float32, of tensors that are made int8 too.
    @Test func refusesTensors() throws {
        let example = try CheckpointCase("UNet2DConditionModel/sd2")
        let network = UNet2DConditionModel(configuration: try .init(example.configuration()))
        let tensors = try example.weights().tensors
        let convolution = "mid_block.resnets.0.conv1.weight"
        let whole = try #require(tensors[convolution])
        let integers = TensorLocation(file: whole.file, type: .int32, shape: whole.shape, offset: whole.offset)
        for (location, subject, found) in [
            (nil, example.name, "none"),
            (integers, "\(example.name): \(convolution)", "I32"),
            (whole.viewed(as: [whole.count]), "\(example.name): \(convolution)", "[\(whole.count)]"),
        ] {
            let weights = try example.weights(with: [convolution: location])
            let error = refusal {
                _ = try Int8Graph(weights, size: ImageSize(height: 8, width: 8), in: folder) {
                    try network.graph(weights, $0)
                }
            }
            #expect(error?.code == .checkpoint)
            #expect(error?.subject == subject)
            #expect(error?.found == found)
        }
    }
}
