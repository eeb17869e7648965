import Foundation
import InputErrors
import NoiseSchedules
import OnnxSessions
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Single files in the original layout, against diffusers' own conversion of the real models' tensors and against the
/// configurations that were published.
@Suite struct OriginalLayoutTests {
    private static let families = ["sd1", "sd2", "xl"]

    private func layout(_ family: String) throws -> OriginalLayout {
        try OriginalLayout(OriginalNames(family).file, prediction: family == "sd2" ? .vPrediction : nil)
    }

    private func parts(_ layout: OriginalLayout) -> [(name: String, network: OriginalLayout.Network)] {
        [("unet", layout.unet), ("vae", layout.autoencoder)]
            + zip(["text_encoder", "text_encoder_2"], layout.textEncoders).map { ($0, $1) }
    }

    /// Every tensor that diffusers makes of the file is found at the same bytes under the same shape, and no other.
    @Test(arguments: families) func everyTensorIsWhereDiffusersTakesItFrom(_ family: String) throws {
        let names = try OriginalNames(family)
        let layout = try layout(family)
        #expect(parts(layout).count == names.parts.count - 1)
        for part in parts(layout) {
            let expected = try names.expected(part.name)
            let found = part.network.weights.tensors
            for (name, location) in expected where found[name] != location {
                Issue.record("\(name): \(String(describing: found[name])) instead of \(location)")
            }
            #expect(Set(found.keys).subtracting(expected.keys) == [], "\(part.name)")
        }
    }

    /// Fields of published files that say nothing about the network, or what every version of the library has there.
    private static let unsaid: Set = [
        "_class_name", "_diffusers_version", "model_type", "torch_dtype", "transformers_version", "initializer_factor",
        "initializer_range", "attention_dropout", "dropout", "force_upcast", "upcast_attention",
    ]
    /// Fields that leave a network as it is built without them.
    private static let standards: [String: ConfigurationValue] = [
        "act_fn": .text("silu"), "addition_embed_type_num_heads": .number(64), "attention_type": .text("default"),
        "center_input_sample": .bool(false), "class_embeddings_concat": .bool(false), "conv_in_kernel": .number(3),
        "conv_out_kernel": .number(3), "downsample_padding": .number(1), "dual_cross_attention": .bool(false),
        "flip_sin_to_cos": .bool(true), "freq_shift": .number(0), "mid_block_scale_factor": .number(1),
        "mid_block_type": .text("UNetMidBlock2DCrossAttn"), "norm_eps": .number(1e-5), "norm_num_groups": .number(32),
        "only_cross_attention": .bool(false), "resnet_out_scale_factor": .number(1),
        "resnet_skip_time_act": .bool(false), "resnet_time_scale_shift": .text("default"),
        "time_embedding_type": .text("positional"),
    ]
    /// Published files have numbers of an older library here, which no tokenizer has; the projection of a model without one
    /// is not used.
    private static let corrected: Set = ["bos_token_id", "eos_token_id", "pad_token_id", "projection_dim"]

    /// Every field of the published configurations that shapes the network is told from the shapes.
    @Test(arguments: families) func theConfigurationIsThePublishedOne(_ family: String) throws {
        let text = try Data(contentsOf: Fixtures.url("OriginalLayout/published.json"))
        let published = try JSONDecoder().decode(
            [String: [String: [String: ConfigurationValue]]].self, from: text)
        for part in parts(try layout(family)) {
            let fields = part.network.fields
            let file = try #require(published[family]?[part.name])
            for (name, value) in file where !Self.unsaid.contains(name) && value != .null {
                if Self.corrected.contains(name), fields[name] != value { continue }
                #expect((fields[name] ?? Self.standards[name]) == value, "\(part.name): \(name)")
            }
            for (name, value) in fields where file[name] == nil {
                switch name {
                case "transformer_layers_per_block": #expect(value == .list([1, 1, 1, 1].map { .number($0) }))
                case "scaling_factor": #expect(value == .number(0.18215))
                default: Issue.record("\(part.name) has \(name), which was not published")
                }
            }
        }
    }

    /// CLIP's texts begin and end with the last two tokens; OpenCLIP's go on with token 0.
    @Test func theTokensOfTheEmptyPromptAreKnown() throws {
        for (family, padding) in [("sd1", [49407.0]), ("sd2", [0]), ("xl", [49407, 0])] {
            let encoders = try layout(family).textEncoders
            #expect(encoders.map { $0.fields["bos_token_id"] } == encoders.map { _ in .number(49406) })
            #expect(encoders.map { $0.fields["eos_token_id"] } == encoders.map { _ in .number(49407) })
            #expect(encoders.map { $0.fields["pad_token_id"] } == padding.map { .number($0) })
        }
    }

    /// The networks find every tensor that they need, in the shape that the configuration told from shapes says, and leave
    /// none over.
    @Test(arguments: families) func theNetworksAreBuilt(_ family: String) throws {
        let layout = try layout(family)
        for (name, network) in parts(layout) {
            let part = try CheckpointPart(named: name, fields: network.fields, files: []) { network.weights }
            switch name {
            case "unet": #expect(try !NetworkClass.denoiser(part).graph(network.weights).isEmpty)
            case "vae":
                let autoencoder = try NetworkClass.autoencoder(part)
                #expect(try !autoencoder.encoderGraph(network.weights).isEmpty)
                #expect(try !autoencoder.decoderGraph(network.weights).isEmpty)
            default:
                let text = try NetworkClass.textEncoder(part)
                #expect(part.className == (name == "text_encoder" ? "CLIPTextModel" : "CLIPTextModelWithProjection"))
                #expect(try !text.graph(network.weights, outputs: [.lastHiddenState, .pooled]).isEmpty)
            }
        }
    }

    // MARK: - Tiny files, made of diffusers' folders

    private func pipeline(_ path: String) -> URL { Fixtures.url("checkpoints/pipelines/\(path)") }

    private func weights(_ family: String, _ part: String) throws -> CheckpointWeights {
        let folder = pipeline("\(family)/\(part)")
        return try CheckpointWeights(named: part, files: WeightFiles.find(in: folder))
    }

    /// Each tensor's bytes in the single file are those of the folder.
    @Test(arguments: families) func theBytesAreThoseOfTheFolder(_ family: String) throws {
        let file = try CheckpointWeights(named: family, files: [pipeline("\(family).safetensors")])
        var parts = [
            ("unet", try OriginalUNet(file).weights()),
            ("vae", try OriginalAutoencoder(file, below: "first_stage_model.").weights()),
        ]
        let places =
            try #require(["sd1": .stableDiffusion1, "sd2": .stableDiffusion2, "xl": .stableDiffusionXL][family])
            as OriginalLayout.Family
        for (name, place) in zip(["text_encoder", "text_encoder_2"], places.encoders) {
            parts.append((name, try place.encoder(in: file).weights()))
        }
        for (part, found) in parts {
            let wanted = try weights(family, part).tensors.filter { $0.key != "text_projection.weight" }
            let prefix = part.hasPrefix("text") && wanted.keys.allSatisfy { !$0.hasPrefix("text_model.") }
            #expect(found.tensors.count == wanted.count + (part == "text_encoder_2" ? 1 : 0))
            for (name, location) in wanted {
                let other = try #require(found.tensors[(prefix ? "text_model." : "") + name], "\(part): \(name)")
                #expect(other.shape == location.shape && other.type == location.type, "\(part): \(name)")
                #expect(try bytes(other) == bytes(location), "\(part): \(name)")
            }
        }
    }

    private func bytes(_ location: TensorLocation) throws -> Data {
        let handle = try #require(FileHandle(forReadingAtPath: location.file))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(location.offset))
        return try #require(try handle.read(upToCount: location.byteCount))
    }

    /// OpenCLIP's projection is not transposed in the file, and means the same.
    @Test func theProjectionOfOpenCLIPIsNotTransposed() throws {
        let file = try CheckpointWeights(named: "xl", files: [pipeline("xl.safetensors")])
        let text = OriginalTextEncoder(
            file, below: "conditioner.embedders.1.model.", .openCLIP, hasProjection: true)
        let configuration = try NetworkConfiguration(pipeline("xl/text_encoder_2/config.json"))
        let network = CLIPText(configuration: try .init(configuration), isProjected: true)
        let end = Float(network.configuration.endToken)
        let ids = Tensor([end - 1, 3, 1, 4, 1, 5, end, end], shape: [1, 8])
        let found = try [text.weights(), weights("xl", "text_encoder_2")].map { weights in
            let session = try Session(graph: network.graph(weights, outputs: [.pooled]), named: "text")
            return try session.run([ids], output: 0)
        }
        expectClose(found[0], found[1], relative: 1e-6)
    }
}
