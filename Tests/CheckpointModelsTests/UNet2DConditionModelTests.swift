import Foundation
import InputErrors
import Models
import OnnxSessions
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// UNets of every configuration against what diffusers computes from the same files.
@Suite struct UNet2DConditionModelTests {
    static let cases = CheckpointCase.all(of: "UNet2DConditionModel").filter { refused[$0] == nil }
    /// By case: the field that is refused.
    static let refused = [
        "UNet2DConditionModel/guidance-condition": "time_cond_proj_dim",
        "UNet2DConditionModel/nine-channels": "in_channels",
        "refused/class-embeddings": "num_class_embeds", "refused/hidden-projection": "encoder_hid_dim",
        "refused/only-cross-attention": "only_cross_attention", "refused/projected-classes": "class_embed_type",
        "refused/scale-shift": "resnet_time_scale_shift", "refused/text-addition": "addition_embed_type",
    ]
    private static let plain = "UNet2DConditionModel/sd2"

    @Test(arguments: cases) func equalsDiffusers(_ name: String) throws {
        let example = try CheckpointCase(name)
        let graph = try Self.graph(example)
        // Sums in another order: norms of a few elements (xl-refiner ends at images of one by two pixels) make much of it.
        for optimization in [ExecutionOptions.Optimization.full, .quick] {
            let session = try Session(graph: graph, named: name, options: .init(optimization: optimization))
            let output = try session.run(try session.inputs.map { try example.expected($0.name) })
            expectClose(output, try example.expected("out"), relative: 5e-5)
        }
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 12) }

    @Test func ports() throws {
        let session = try Session(graph: Self.graph(try CheckpointCase("UNet2DConditionModel/xl")), named: "xl")
        #expect(
            session.inputs.map(\.description) == [
                "sample float32 [batch, 4, height, width]", "timestep float32 [steps]",
                "encoder_hidden_states float32 [batch, tokens, 6]", "text_embeds float32 [batch, pooled]",
                "time_ids float32 [batch, sizes]",
            ])
        #expect(session.outputs.map(\.description) == ["out_sample float32 [batch, 4, height, width]"])
    }

    @Test func oneTimestepForEachItem() throws {
        let example = try CheckpointCase(Self.plain)
        let session = try Session(graph: Self.graph(example), named: example.name)
        let step = try example.expected("timestep").elements[0]
        func run(_ steps: [Float]) throws -> Tensor {
            try session.run([
                example.expected("sample"), Tensor(steps, shape: [steps.count]),
                example.expected("encoder_hidden_states"),
            ])
        }
        let (expected, two) = (try example.expected("out"), try run([step, 3.5]))
        expectClose(try run([step, step]), expected, relative: 5e-5)
        expectClose(two.item(0), expected.item(0), relative: 5e-5)
        expectClose(two.item(1), try run([3.5]).item(1), relative: 5e-5)
        #expect(zip(two.item(1).elements, expected.item(1).elements).contains { abs($0 - $1) > 1e-2 })
    }

    // MARK: - Refusals

    @Test func refusesTensors() throws {
        let example = try CheckpointCase(Self.plain)
        let network = UNet2DConditionModel(configuration: try .init(example.configuration()))
        let tensors = try example.weights().tensors
        let bias = try #require(tensors["conv_in.bias"])
        let product = "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj.weight"
        let (missing, extra, time) = (
            "up_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight",
            "down_blocks.0.attentions.0.transformer_blocks.1.norm1.weight", "time_embedding.linear_1.bias"
        )
        let integers = tensors[time].map { TensorLocation(file: $0.file, type: .int32, shape: $0.shape, offset: 0) }
        for (tensor, location, subject, expected, found) in [
            (missing, nil, example.name, "a tensor \(missing)", "none"),
            (extra, bias, "\(example.name): \(extra)", "tensors that the configuration has a place for", "one more"),
            (
                product, tensors[product]?.viewed(as: [8, 64]), "\(example.name): \(product)", "the shape [64, 8]",
                "[8, 64]"
            ),
            (time, integers, "\(example.name): \(time)", "F32, F16 or BF16", "I32"),
        ] as [(String, TensorLocation?, String, String, String)] {
            let weights = try example.weights(with: [tensor: location])
            let error = refusal { try network.graph(weights) }
            #expect(error == InputError(subject, expected: expected, found: found, as: .checkpoint))
        }
    }

    @Test(arguments: refused.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    func refusesNetworks(_ name: String, _ field: String) throws {
        let file = try NetworkConfiguration(Fixtures.url("checkpoints/\(name)/config.json"))
        let error = refusal { try UNet2DConditionConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "\(file.name): \(field)")
    }

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

    @Test(arguments: refusedFields) func refusesFields(_ field: String, _ value: ConfigurationValue) throws {
        try refuses([field: value], field)
    }

    @Test func depthsByLayerNeedThoseOfTheWayUp() throws {
        let depths = ConfigurationValue.list([.list([.number(1), .number(2)]), .number(1), .number(1)])
        try refuses(["transformer_layers_per_block": depths], "reverse_transformer_layers_per_block")
    }

    @Test func widthsThatHaveNoSinusoids() throws {
        let odd = ConfigurationValue.list([.number(5), .number(4), .number(8)])
        let two = ConfigurationValue.list([.number(2), .number(4), .number(8)])
        try refuses(["block_out_channels": odd], "block_out_channels")
        try refuses(["block_out_channels": two, "freq_shift": .number(1)], "block_out_channels")
        let textTime: [String: ConfigurationValue] = [
            "addition_embed_type": .text("text_time"), "projection_class_embeddings_input_dim": .number(23),
        ]
        try refuses(textTime.merging(["addition_time_embed_dim": .number(3)]) { $1 }, "addition_time_embed_dim")
        try refuses(textTime, "addition_time_embed_dim")
    }

    @Test func groupsThatDoNotDivideTheChannels() throws {
        let example = try CheckpointCase(Self.plain)
        let file = try example.configuration(with: ["norm_num_groups": .number(3)])
        let network = UNet2DConditionModel(configuration: try .init(file))
        let error = refusal { try network.graph(example.weights()) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "\(example.name): down_blocks.0.resnets.0.norm1")
    }

    private func refuses(_ fields: [String: ConfigurationValue], _ field: String) throws {
        let example = try CheckpointCase(Self.plain)
        let file = try example.configuration(with: fields.mapValues(Optional.some))
        let error = refusal { try UNet2DConditionConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "\(example.name): \(field)")
    }

    private static func graph(_ example: CheckpointCase) throws -> Data {
        let network = UNet2DConditionModel(configuration: try .init(example.configuration()))
        return try network.graph(example.weights())
    }
}
