import Foundation
import InputErrors
import OnnxSessions
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// What is no SD 3 and no FLUX is refused by the name of what does not fit.
@Suite struct JointTransformerRefusalTests {
    private static let sd3 = "SD3Transformer2DModel/dual-attention"
    private static let flux = "FluxTransformer2DModel/guided"

    private static func graph(_ file: NetworkConfiguration, _ weights: CheckpointWeights) throws -> Data {
        weights.name.hasPrefix("Flux")
            ? try FluxTransformer2DModel(configuration: .init(file)).graph(weights)
            : try SD3Transformer2DModel(configuration: .init(file)).graph(weights)
    }

    @Test(arguments: [
        (sd3, "qk_norm", ConfigurationValue.text("layer_norm")), (sd3, "caption_projection_dim", .number(13)),
        (sd3, "dual_attention_layers", .list([.number(3)])), (sd3, "out_channels", .number(8)),
        (sd3, "num_layers", .number(1e9)), (sd3, "pos_embed_max_size", .number(1)),
        (sd3, "attention_mode", .text("x")),
        (flux, "axes_dims_rope", .list([.number(2), .number(2), .number(4)])), (flux, "in_channels", .number(18)),
        (flux, "out_channels", .number(4)), (flux, "patch_size", .number(2)), (flux, "guidance_embeds", .number(1)),
        (flux, "num_single_layers", .number(0.5)), (flux, "pos_embed_seq_len", .number(3)),
    ])
    func configurations(_ name: String, _ field: String, _ value: ConfigurationValue) throws {
        let checkpoint = try CheckpointCase(name)
        let file = try checkpoint.configuration(with: [field: value])
        let error = refusal { try Self.graph(file, checkpoint.weights()) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "\(name): \(field)")
    }

    @Test func oddRotaryAxes() throws {
        let checkpoint = try CheckpointCase(Self.flux)
        let axes = ConfigurationValue.list([.number(3), .number(3), .number(2)])
        let file = try checkpoint.configuration(with: ["axes_dims_rope": axes, "attention_head_dim": .number(8)])
        let error = refusal { try FluxTransformer2DModelConfiguration(file) }
        #expect(error?.code == .modelConfiguration && error?.subject == "\(Self.flux): axes_dims_rope")
    }

    @Test(arguments: [
        (sd3, "transformer_blocks.0.attn2.norm_k.weight"), (sd3, "pos_embed.pos_embed"),
        (flux, "single_transformer_blocks.0.proj_mlp.bias"),
        (flux, "time_text_embed.guidance_embedder.linear_1.weight"),
    ])
    func tensors(_ name: String, _ tensor: String) throws {
        let checkpoint = try CheckpointCase(name)
        let location = try checkpoint.weights().tensor(tensor)
        func error(_ changes: [String: TensorLocation?]) -> InputError? {
            refusal { try Self.graph(checkpoint.configuration(), checkpoint.weights(with: changes)) }
        }
        let numbers = TensorLocation(
            file: location.file, type: .int64, shape: location.shape, offset: location.offset)
        let refusals = [
            error([tensor: nil]), error([tensor: location.viewed(as: [1] + location.shape)]),
            error([tensor: numbers]), error([tensor + "_2": location]),
        ]
        #expect(refusals.map { $0?.code } == [.checkpoint, .checkpoint, .checkpoint, .checkpoint])
        #expect(
            refusals.map { $0?.subject } == [name, "\(name): \(tensor)", "\(name): \(tensor)", "\(name): \(tensor)_2"])
        #expect(refusals[0]?.expected == "a tensor \(tensor)")
    }

    /// SD 3's table of positions has 12×12 places here, for squares of 2×2.
    @Test(arguments: [
        (sd3, [24, 24], true), (sd3, [26, 24], false), (sd3, [28, 28], false), (sd3, [24, 30], false),
        (sd3, [6, 7], false), (flux, [28, 6], true), (flux, [6, 7], false),
    ])
    func sizesOfLatents(_ name: String, _ size: [Int], _ fits: Bool) throws {
        let checkpoint = try CheckpointCase(name)
        let session = try Session(
            graph: Self.graph(checkpoint.configuration(), checkpoint.weights()), named: name)
        let shapes = [[1, 4] + size, [1, 2, 6], [1, 7], [1], [1]]
        let inputs = shapes.prefix(session.inputs.count).map { Tensor(normal: $0, seed: 1) }
        let code = refusalCode { try session.run(inputs, shape: shapes[0]) }
        #expect(code == (fits ? nil : .modelGraph))
    }

    @Test func largestLatent() throws {
        let configuration = try SD3Transformer2DModelConfiguration(CheckpointCase(Self.sd3).configuration())
        #expect(configuration.largestSide == 24)
    }
}
