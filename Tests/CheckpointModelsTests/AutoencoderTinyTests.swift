import InputErrors
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// `AutoencoderTiny` against diffusers'. The tolerance is that of float32 sums in another order.
@Suite struct AutoencoderTinyTests {
    static let cases = CheckpointCase.all(of: "AutoencoderTiny")

    @Test(arguments: cases) func encodesAndDecodes(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = try AutoencoderTiny(configuration: AutoencoderTinyConfiguration(example.configuration()))
        let latents = try example.run(network.encoderGraph(example.weights()), "image", output: "latent_sample")
        expectClose(latents, try example.expected("latents_mode"), relative: 1e-5)
        let image = try example.run(network.decoderGraph(example.weights()), "latent", output: "sample")
        expectClose(image, try example.expected("decoded"), relative: 1e-5)
        #expect(network.configuration.scale * latents.shape[2] == (try example.expected("image")).shape[2])
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 3) }

    /// What a file does not say is as in diffusers: the published ones do not say all.
    @Test func standardFields() throws {
        let file = NetworkConfiguration(named: "config.json", ["_class_name": .text("AutoencoderTiny")])
        let configuration = try AutoencoderTinyConfiguration(file)
        #expect(configuration.encoderBlocks == [1, 3, 3, 3])
        #expect(configuration.decoderBlocks == [3, 3, 3, 1])
        #expect((configuration.encoderWidth, configuration.decoderWidth) == (64, 64))
        #expect(configuration.scaling.factor == 1)
        #expect(configuration.scaling.shift == 0)
        #expect(configuration.scale == 8)
    }

    @Test(
        arguments: [
            ("latent_channels", .number(-4)), ("num_encoder_blocks", .list([])),
            ("num_decoder_blocks", .list([.number(1), .number(1)])),
            ("encoder_block_out_channels", .list([.number(4), .number(4), .number(4), .number(8)])),
            ("decoder_block_out_channels", .list([.number(8), .number(4), .number(4), .number(4)])),
            ("act_fn", .text("mish")), ("upsample_fn", .text("bilinear")), ("upsampling_scaling_factor", .number(3)),
            ("scaling_factor", .number(0)), ("in_channels", .number(1)), ("out_channels", .number(4)),
            ("invented", .number(1)),
        ] as [(String, ConfigurationValue)])
    func refusesFields(_ field: String, _ value: ConfigurationValue) throws {
        let file = try CheckpointCase("AutoencoderTiny/taesd").configuration(with: [field: value])
        let error = refusal { try AutoencoderTinyConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "AutoencoderTiny/taesd: \(field)")
    }

    /// A convolution that halves the image has no bias, and tensors of other modules are not passed over.
    @Test func refusesTensors() throws {
        let example = try CheckpointCase("AutoencoderTiny/taesd")
        let network = try AutoencoderTiny(configuration: AutoencoderTinyConfiguration(example.configuration()))
        let bias = try example.weights().tensor("encoder.layers.0.bias")
        for (tensor, location, subject, found) in [
            ("encoder.layers.2.weight", nil, "AutoencoderTiny/taesd", "none"),
            ("encoder.layers.2.bias", bias, "AutoencoderTiny/taesd: encoder.layers.2.bias", "one more"),
            (
                "encoder.layers.1.conv.0.bias", bias.viewed(as: [2, 2]),
                "AutoencoderTiny/taesd: encoder.layers.1.conv.0.bias", "[2, 2]"
            ),
        ] as [(String, TensorLocation?, String, String)] {
            let weights = try example.weights(with: [tensor: location])
            let error = refusal { try network.encoderGraph(weights) }
            #expect(error?.code == .checkpoint)
            #expect(error?.subject == subject)
            #expect(error?.found == found)
        }
    }
}
