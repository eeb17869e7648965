import Foundation
import InputErrors
import OnnxSessions
import TensorFiles
import TestSupport
import Testing

@testable import CheckpointModels

/// UNets of every configuration against what diffusers computes from the same files.
@Suite struct UNet2DConditionModelTests {
    static let cases = [
        "depths-by-layer", "layers-by-block", "mixed-blocks", "no-mid-block", "odd-size", "sd1", "sd1-one-layer", "sd2",
        "sine-first", "two-blocks", "xl", "xl-refiner",
    ]

    @Test(arguments: cases) func equalsDiffusers(_ name: String) throws {
        let folder = Self.folder(name)
        let golden = try SafetensorsFile(contentsOf: folder.appendingPathComponent("golden.safetensors").path)
        let graph = try UNet2DConditionModel(configuration: Self.configuration(name)).graph(Self.weights(name))
        let session = try Session(graph: graph, named: name)
        let output = try session.run(try session.inputs.map { try golden.tensor(named: $0.name) })
        let expected = try golden.tensor(named: "out")
        #expect(output.shape == expected.shape)
        let difference = zip(output.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
        let largest = expected.elements.map { abs($0) }.max() ?? 0
        // Sums in another order: norms of a few elements (xl-refiner ends at images of one by two pixels) make much of it.
        #expect(difference <= 5e-5 * largest, "\(difference / largest)")
    }

    @Test func oneTimestepForEachItem() throws {
        let golden = try SafetensorsFile(
            contentsOf: Self.folder("sd2").appendingPathComponent("golden.safetensors").path)
        let graph = try UNet2DConditionModel(configuration: Self.configuration("sd2")).graph(Self.weights("sd2"))
        let session = try Session(graph: graph, named: "sd2")
        #expect(session.inputs.map(\.name) == ["sample", "timestep", "encoder_hidden_states"])
        var feeds = try session.inputs.map { try golden.tensor(named: $0.name) }
        let steps = feeds[1].elements
        feeds[1] = .init([steps[0], steps[0]], shape: [2])
        let expected = try golden.tensor(named: "out").elements
        let both = try session.run(feeds).elements
        #expect(zip(both, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        feeds[1] = .init([steps[0], 3.5], shape: [2])
        let one = try session.run(feeds).elements
        let half = expected.count / 2
        #expect(zip(one[..<half], expected[..<half]).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(one[half...], expected[half...]).contains { abs($0 - $1) > 1e-2 })
    }

    // MARK: - Tensors that are refused

    @Test func missingTensor() throws {
        let name = "up_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight"
        try refuses("sd2", .checkpoint, subject: Self.folder("sd2").path, "a tensor \(name)", "none") {
            $0.removeValue(forKey: name)
        }
    }

    @Test func extraTensor() throws {
        let name = "down_blocks.0.attentions.0.transformer_blocks.1.norm1.weight"
        try refuses(
            "sd2", .checkpoint, subject: "\(Self.folder("sd2").path): \(name)",
            "tensors that the configuration has a place for", "one more"
        ) { $0[name] = $0["conv_in.bias"] }
    }

    @Test func tensorOfAnotherShape() throws {
        let name = "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj.weight"
        try refuses("sd2", .checkpoint, subject: "\(Self.folder("sd2").path): \(name)", "the shape [64, 8]", "[8, 64]")
        { $0[name] = $0[name]?.viewed(as: [8, 64]) }
    }

    @Test func tensorOfAnotherType() throws {
        let name = "time_embedding.linear_1.bias"
        try refuses("sd2", .checkpoint, subject: "\(Self.folder("sd2").path): \(name)", "F32, F16 or BF16", "I32") {
            guard let old = $0[name] else { return }
            $0[name] = TensorLocation(file: old.file, type: .int32, shape: old.shape, offset: old.offset)
        }
    }

    // MARK: - Fields that are refused

    /// One field of a plain configuration changed.
    static let refusedFields: [(String, ConfigurationValue)] = [
        ("in_channels", .number(9)), ("out_channels", .number(8)), ("conv_in_kernel", .number(1)),
        ("conv_out_kernel", .number(1)), ("down_block_types", .list([.text("AttnDownBlock2D")])),
        ("up_block_types", .list([.text("UpBlock2D")])), ("mid_block_type", .text("UNetMidBlock2DSimpleCrossAttn")),
        ("only_cross_attention", .bool(true)), ("dual_cross_attention", .bool(true)),
        ("class_embed_type", .text("projection")), ("num_class_embeds", .number(3)),
        ("class_embeddings_concat", .bool(true)), ("encoder_hid_dim", .number(5)),
        ("encoder_hid_dim_type", .text("text_proj")), ("time_cond_proj_dim", .number(6)),
        ("time_embedding_type", .text("fourier")), ("time_embedding_dim", .number(8)),
        ("time_embedding_act_fn", .text("silu")), ("timestep_post_act", .text("silu")), ("act_fn", .text("gelu")),
        ("attention_type", .text("gated")), ("cross_attention_norm", .text("layer_norm")),
        ("resnet_time_scale_shift", .text("scale_shift")), ("resnet_skip_time_act", .bool(true)),
        ("resnet_out_scale_factor", .number(2)), ("mid_block_scale_factor", .number(2)),
        ("center_input_sample", .bool(true)), ("addition_embed_type", .text("text")),
        ("num_attention_heads", .number(2)), ("attention_head_dim", .number(3)),
        ("attention_head_dim", .list([.number(1), .number(2)])),
        ("cross_attention_dim", .list([.number(6), .number(6), .number(7)])),
        ("block_out_channels", .list([.number(4), .number(-4), .number(8)])), ("layers_per_block", .number(1e9)),
        ("transformer_layers_per_block", .number(0.5)),
        ("transformer_layers_per_block", .list([.number(1), .list([.number(1)]), .number(1)])),
        ("reverse_transformer_layers_per_block", .list([.number(1), .number(1)])), ("downsample_padding", .number(2)),
        ("freq_shift", .number(2)), ("norm_eps", .number(0)), ("norm_num_groups", .number(0)),
        ("a_field_of_tomorrow", .number(1)),
    ]

    @Test(arguments: refusedFields) func field(_ name: String, _ value: ConfigurationValue) throws {
        let plain = try Self.fields("sd2")
        let file = NetworkConfiguration(named: "config.json", plain.merging([name: value]) { $1 })
        let error = #expect(throws: InputError.self) { try UNet2DConditionConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "config.json: \(name)")
    }

    @Test func depthsByLayerNeedThoseOfTheWayUp() throws {
        let depths = ConfigurationValue.list([.list([.number(1), .number(2)]), .number(1), .number(1)])
        let fields = try Self.fields("sd2").merging(["transformer_layers_per_block": depths]) { $1 }
        let file = NetworkConfiguration(named: "config.json", fields)
        let error = #expect(throws: InputError.self) { try UNet2DConditionConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "config.json: reverse_transformer_layers_per_block")
    }

    @Test func widthsThatHaveNoSinusoids() throws {
        let odd = ConfigurationValue.list([.number(5), .number(4), .number(8)])
        let two = ConfigurationValue.list([.number(2), .number(4), .number(8)])
        for changes in [["block_out_channels": odd], ["block_out_channels": two, "freq_shift": .number(1)]] {
            let fields = try Self.fields("sd2").merging(changes) { $1 }
            let file = NetworkConfiguration(named: "config.json", fields)
            let error = #expect(throws: InputError.self) { try UNet2DConditionConfiguration(file) }
            #expect(error?.code == .modelConfiguration)
            #expect(error?.subject == "config.json: block_out_channels")
        }
    }

    @Test func groupsThatDoNotDivideTheChannels() throws {
        let fields = try Self.fields("sd2").merging(["norm_num_groups": .number(3)]) { $1 }
        let configuration = try UNet2DConditionConfiguration(NetworkConfiguration(named: "config.json", fields))
        let error = #expect(throws: InputError.self) {
            try UNet2DConditionModel(configuration: configuration).graph(Self.weights("sd2"))
        }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "\(Self.folder("sd2").path): down_blocks.0.resnets.0.norm1")
    }

    // MARK: -

    private func refuses(
        _ name: String, _ code: InputError.Code, subject: String, _ expected: String, _ found: String,
        change: (inout [String: TensorLocation]) -> Void
    ) throws {
        let weights = try Self.weights(name)
        var tensors = weights.tensors
        change(&tensors)
        let model = UNet2DConditionModel(configuration: try Self.configuration(name))
        let error = #expect(throws: InputError.self) {
            try model.graph(CheckpointWeights(named: weights.name, tensors))
        }
        #expect(error == InputError(subject, expected: expected, found: found, as: code))
    }

    private static func folder(_ name: String) -> URL { Fixtures.url("checkpoints/UNet2DConditionModel/\(name)") }

    private static func fields(_ name: String) throws -> [String: ConfigurationValue] {
        try JSONDecoder().decode(
            [String: ConfigurationValue].self,
            from: Data(contentsOf: folder(name).appendingPathComponent("config.json")))
    }

    private static func configuration(_ name: String) throws -> UNet2DConditionConfiguration {
        try UNet2DConditionConfiguration(NetworkConfiguration(folder(name).appendingPathComponent("config.json")))
    }

    private static func weights(_ name: String) throws -> CheckpointWeights {
        let folder = folder(name)
        return try CheckpointWeights(
            named: folder.path, files: [folder.appendingPathComponent("diffusion_pytorch_model.safetensors")])
    }
}
