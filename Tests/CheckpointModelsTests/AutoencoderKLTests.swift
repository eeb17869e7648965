import InputErrors
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// `AutoencoderKL` against diffusers'. The tolerance is that of float32 sums in another order.
@Suite struct AutoencoderKLTests {
    static let cases = CheckpointCase.all(of: "AutoencoderKL")

    @Test(arguments: cases) func encodes(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = try AutoencoderKL(configuration: AutoencoderKLConfiguration(example.configuration()))
        let moments = try example.run(
            network.encoderGraph(example.weights()), "image", output: "latent_parameters")
        let mode = try example.expected("latents_mode")
        #expect(moments.shape == [mode.shape[0], 2 * mode.shape[1]] + mode.shape[2...])
        let means = moments.first(mode.shape[1])
        expectClose(means, mode, relative: 1e-5)
        expectClose(network.configuration.scaling.scaled(means), try example.expected("scaled"), relative: 1e-5)
    }

    @Test(arguments: cases) func decodes(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = try AutoencoderKL(configuration: AutoencoderKLConfiguration(example.configuration()))
        let image = try example.run(network.decoderGraph(example.weights()), "latent", output: "sample")
        expectClose(image, try example.expected("decoded"), relative: 1e-5)
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 7) }

    /// Convolutions of one pixel where diffusers has linear layers, as the original files have them, and the other way
    /// round.
    @Test func pointwiseConvolutionsAndLinearLayersAreOne() throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let weights = try example.weights()
        let changes = weights.tensors.filter { $0.key.contains(".to_") && $0.value.shape.count == 2 }
            .mapValues { Optional($0.viewed(as: $0.shape + [1, 1])) }
        #expect(changes.count == 8)
        let flat = try weights.tensor("quant_conv.weight").viewed(as: [8, 8])
        let changed = try example.weights(with: changes.merging(["quant_conv.weight": flat]) { $1 })
        let network = try AutoencoderKL(configuration: AutoencoderKLConfiguration(example.configuration()))
        let moments = try example.run(network.encoderGraph(changed), "image", output: "latent_parameters")
        expectClose(moments.first(4), try example.expected("latents_mode"), relative: 1e-5)
        let image = try example.run(network.decoderGraph(changed), "latent", output: "sample")
        expectClose(image, try example.expected("decoded"), relative: 1e-5)
    }

    /// A configuration that says nothing of them, as those of 2022 and those made from shapes: the tensors tell.
    @Test(arguments: ["AutoencoderKL/no-quant", "AutoencoderKL/no-mid-attention", "AutoencoderKL/sd"])
    func tensorsTell(_ name: String) throws {
        let example = try CheckpointCase(name)
        let configuration = try AutoencoderKLConfiguration(
            example.configuration(with: [
                "use_quant_conv": nil, "use_post_quant_conv": nil, "mid_block_add_attention": nil,
            ]))
        let network = AutoencoderKL(configuration: configuration)
        let image = try example.run(network.decoderGraph(example.weights()), "latent", output: "sample")
        expectClose(image, try example.expected("decoded"), relative: 1e-5)
        let moments = try example.run(network.encoderGraph(example.weights()), "image", output: "latent_parameters")
        let mode = try example.expected("latents_mode")
        expectClose(moments.first(mode.shape[1]), mode, relative: 1e-5)
    }

    @Test(
        arguments: [
            ("latent_channels", .number(0)), ("latent_channels", .text("four")), ("block_out_channels", .list([])),
            ("block_out_channels", .list([.number(4), .number(1e9), .number(8)])), ("layers_per_block", .number(1.5)),
            ("norm_num_groups", .number(0)), ("scaling_factor", .number(0)), ("act_fn", .text("mish")),
            ("in_channels", .number(6)), ("out_channels", .number(4)), ("latents_mean", .list([.number(1)])),
            ("latents_std", .number(2)), ("down_block_types", .list([.text("DownEncoderBlock2D")])),
            (
                "up_block_types",
                .list([.text("UpDecoderBlock2D"), .text("AttnUpDecoderBlock2D"), .text("UpDecoderBlock2D")])
            ),
            ("mid_block_add_attention", .text("yes")), ("invented", .bool(false)),
        ] as [(String, ConfigurationValue)])
    func refusesFields(_ field: String, _ value: ConfigurationValue) throws {
        let file = try CheckpointCase("AutoencoderKL/sd").configuration(with: [field: value])
        let error = refusal { try AutoencoderKLConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "AutoencoderKL/sd: \(field)")
    }

    @Test func refusesADeviationOf0() throws {
        let numbers = [1.0, 2, 0, 1].map { ConfigurationValue.number($0) }
        let file = try CheckpointCase("AutoencoderKL/sd").configuration(
            with: ["latents_mean": .list(numbers), "latents_std": .list(numbers)])
        #expect(refusal { try AutoencoderKLConfiguration(file) }?.subject == "AutoencoderKL/sd: latents_std")
    }

    /// Tensors that do not fit are named, by the graph that needs them.
    @Test func refusesTensors() throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let network = try AutoencoderKL(configuration: AutoencoderKLConfiguration(example.configuration()))
        let norm = try example.weights().tensor("encoder.mid_block.resnets.0.norm1.weight")
        let type = TensorLocation(file: norm.file, type: .int64, shape: [4], offset: norm.offset)
        for (tensor, location, subject, found) in [
            ("encoder.conv_in.weight", nil, "AutoencoderKL/sd", "none"),
            ("quant_conv.weight", nil, "AutoencoderKL/sd", "none"),
            (
                "encoder.mid_block.resnets.0.norm1.weight", norm.viewed(as: [2, 4]),
                "AutoencoderKL/sd: encoder.mid_block.resnets.0.norm1.weight", "[2, 4]"
            ),
            ("encoder.conv_in.bias", type, "AutoencoderKL/sd: encoder.conv_in.bias", "I64"),
            ("encoder.another.weight", norm, "AutoencoderKL/sd: encoder.another.weight", "one more"),
            ("lora.up.weight", norm, "AutoencoderKL/sd: lora.up.weight", "one more"),
        ] as [(String, TensorLocation?, String, String)] {
            let weights = try example.weights(with: [tensor: location])
            let error = refusal { try network.encoderGraph(weights) }
            #expect(error?.code == .checkpoint)
            #expect(error?.subject == subject)
            #expect(error?.found == found)
            #expect(location != nil || error?.expected == "a tensor \(tensor)")
        }
    }

    /// What the configuration says and the tensors deny is not guessed.
    @Test func refusesTensorsThatTheConfigurationDenies() throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let configuration = try AutoencoderKLConfiguration(
            example.configuration(with: ["use_quant_conv": .bool(false)]))
        let network = AutoencoderKL(configuration: configuration)
        let error = refusal { try network.encoderGraph(example.weights()) }
        #expect(error?.subject == "AutoencoderKL/sd: quant_conv.bias")
        #expect(error?.code == .checkpoint)
    }

    /// Channels that do not come in whole groups.
    @Test func refusesGroups() throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let configuration = try AutoencoderKLConfiguration(
            example.configuration(with: ["norm_num_groups": .number(3)]))
        let error = refusal { try AutoencoderKL(configuration: configuration).encoderGraph(example.weights()) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "AutoencoderKL/sd: encoder.down_blocks.0.resnets.0.norm1")
    }
}
