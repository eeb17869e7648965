import Foundation
import InputErrors
import Models
import NoiseSchedules
import TensorFiles
import TestSupport
import Testing

import CheckpointModels

/// Files of the original layout as people have them: what they predict, variants of names, what is refused.
@Suite struct SingleFileTests {
    // MARK: - What a model predicts

    @Test func stableDiffusion2DoesNotTellWhatItPredicts() throws {
        let file = try OriginalNames("sd2").file
        let error = refusal { try OriginalLayout(file) }
        #expect(error?.code == .untoldPrediction && error?.subject == "file.safetensors")
        for (prediction, size) in [(PredictionType.epsilon, 64.0), (.vPrediction, 96)] {
            let layout = try OriginalLayout(file, prediction: prediction)
            #expect(layout.prediction == prediction)
            #expect(layout.unet.fields["sample_size"] == .number(size))
            #expect(layout.autoencoder.fields["sample_size"] == .number(8 * size))
        }
    }

    @Test func theOthersPredictNoiseUnlessSomebodyKnowsBetter() throws {
        for family in ["sd1", "xl"] {
            let names = try OriginalNames(family)
            #expect(try OriginalLayout(names.file).prediction == .epsilon)
            #expect(try OriginalLayout(names.file, prediction: .vPrediction).prediction == .vPrediction)
            #expect(try OriginalLayout(names.file(["v_pred": []])).prediction == .vPrediction)
        }
        #expect(try OriginalLayout(OriginalNames("sd2").file(["v_pred": []])).prediction == .vPrediction)
    }

    @Test func theScheduleIsThatOfTheFamilies() throws {
        func scheduler(_ changes: [String: [Int]?]) throws -> SchedulerConfiguration {
            let data = try OriginalLayout(OriginalNames("xl").file(changes)).schedulerFile
            return try SchedulerConfiguration(data: data, named: "scheduler", pipeline: nil)
        }
        let (plain, marked) = (try scheduler([:]), try scheduler(["v_pred": [], "ztsnr": []]))
        #expect(plain.predictionType == .epsilon && marked.predictionType == .vPrediction)
        // The product of all 1 - β that the betas of the families give, and none where it ends in pure noise.
        #expect(abs(pow(plain.schedule.level(at: 999).alpha, 2) - 0.00466) < 1e-5)
        #expect(marked.schedule.level(at: 999).alpha < 1e-3)
    }

    // MARK: - Variants of names

    private func renamed(_ family: String, _ rename: (String) -> String) throws -> CheckpointWeights {
        let file = try OriginalNames(family).file
        let tensors = file.tensors.map { (rename($0.key), $0.value) }
        return CheckpointWeights(named: file.name, Dictionary(tensors) { one, _ in one })
    }

    private func expectSame(_ variant: CheckpointWeights, as family: String) throws {
        let (one, other) = (try OriginalLayout(variant), try OriginalLayout(OriginalNames(family).file))
        for (one, other) in zip(
            [one.unet, one.autoencoder] + one.textEncoders, [other.unet, other.autoencoder] + other.textEncoders)
        {
            #expect(one.fields == other.fields)
            #expect(one.weights.tensors == other.weights.tensors)
        }
    }

    @Test func clipMayLackItsInnerPrefix() throws {
        try expectSame(
            renamed("sd1") { $0.replacingOccurrences(of: "transformer.text_model.", with: "transformer.") }, as: "sd1")
        try expectSame(
            renamed("xl") { $0.replacingOccurrences(of: "transformer.text_model.", with: "transformer.") }, as: "xl")
    }

    @Test func theAutoencoderMayHaveTheShorterPrefix() throws {
        try expectSame(renamed("xl") { $0.replacingOccurrences(of: "first_stage_model.", with: "vae.") }, as: "xl")
        let names = try OriginalNames("sd1")
        let error = refusal { try OriginalLayout(names.file(["vae.encoder.conv_in.bias": [128]])) }
        #expect(error?.code == .checkpoint && error?.found == "first_stage_model. and vae.")
    }

    /// Some files keep the attention of the autoencoder as matrices.
    @Test func theAutoencodersAttentionMayBeMatrices() throws {
        let names = try OriginalNames("sd1")
        var matrices: [String: [Int]?] = [:]
        for (name, location) in names.tensors where name.contains("mid.attn_1") && location.shape.count == 4 {
            matrices[name] = Array(location.shape.prefix(2))
        }
        #expect(matrices.count == 8)
        let found = try OriginalLayout(names.file(matrices)).autoencoder.weights.tensors
        #expect(found["encoder.mid_block.attentions.0.to_q.weight"]?.shape == [512, 512])
    }

    /// What diffusers saved has one layer less already.
    @Test func twentyThreeLayersOfOpenCLIPAreAllUsed() throws {
        let names = try OriginalNames("sd2")
        var last: [String: [Int]?] = [:]
        for name in names.tensors.keys where name.contains("resblocks.23.") { last.updateValue(nil, forKey: name) }
        let text = try OriginalLayout(names.file(last), prediction: .epsilon).textEncoders[0]
        #expect(text.fields["num_hidden_layers"] == .number(23))
        #expect(text.weights.has("text_model.encoder.layers.22.mlp.fc2.weight"))
        #expect(!text.weights.has("text_model.encoder.layers.23.mlp.fc2.weight"))
    }

    @Test func averagedWeightsAreIgnored() throws {
        let names = try OriginalNames("sd1")
        let file = names.file(["model_ema.diffusion_modelinput_blocks00weight": [320, 4, 3, 3], "model_ema.decay": []])
        try expectSame(file, as: "sd1")
    }

    // MARK: - What does not fit

    private static let unet = "model.diffusion_model."

    @Test(
        arguments: [
            (["input_blocks.0.0.weight": nil], "input_blocks.0.0.weight"),
            (["out.2.weight": [4]], "out.2.weight"),
            (["middle_block.1.transformer_blocks.0.attn2.to_k.weight": nil], "attn2.to_k.weight"),
            (["input_blocks.4.0.out_layers.3.weight": [1280, 640, 3, 3]], "input_blocks.5"),
            (["input_blocks.4.1.transformer_blocks.1.norm1.weight": [640]], "input_blocks.5"),
            (["output_blocks.6.1.transformer_blocks.1.norm1.weight": [640]], "output_blocks.6.1"),
            (["middle_block.1.proj_in.weight": [1280]], "proj_in.weight"),
        ] as [([String: [Int]?], String)]) func aBlockThatDoesNotFitIsNamed(_ changes: [String: [Int]?], _ name: String)
        throws
    {
        let names = try OriginalNames("sd1")
        let changes = Dictionary(uniqueKeysWithValues: changes.map { (Self.unet + $0.key, $0.value) })
        let error = refusal { try OriginalLayout(names.file(changes)) }
        #expect(error?.description.contains(name) == true, "\(String(describing: error))")
    }

    /// A tensor that nothing is known of stays under its own name, which the network then names.
    @Test func aTensorTooManyIsNamedAsInTheFile() throws {
        let names = try OriginalNames("sd1")
        for name in [
            Self.unet + "input_blocks.1.2.weight", Self.unet + "input_blocks.999999999999999999999.0.weight",
            "first_stage_model.encoder.down.0.attn.0.q.weight", "first_stage_model.decoder.up.7.block.0.conv1.weight",
        ] {
            let layout = try OriginalLayout(names.file([name: [1]]))
            let network = name.hasPrefix(Self.unet) ? layout.unet : layout.autoencoder
            #expect(network.weights.has(name), "\(name)")
        }
    }

    @Test func aTensorUnderTwoNamesIsRefused() throws {
        let names = try OriginalNames("sd1")
        let error = refusal {
            try OriginalLayout(names.file(["cond_stage_model.transformer.final_layer_norm.bias": [768]]))
        }
        #expect(error?.code == .checkpoint && error?.expected == "one tensor for text_model.final_layer_norm.bias")
    }

    @Test func heads() throws {
        let names = try OriginalNames("xl")
        let text = "conditioner.embedders.1.model.token_embedding.weight"
        #expect(
            refusal { try OriginalLayout(names.file([text: [49408, 1000]])) }?.subject.contains("token_embedding")
                == true)
        let block = "conditioner.embedders.1.model.transformer.resblocks.3.attn.in_proj_weight"
        #expect(refusal { try OriginalLayout(names.file([block: [3841, 1280]])) }?.subject.hasSuffix(block) == true)
        let added = Self.unet + "label_emb.0.0.weight"
        #expect(refusal { try OriginalLayout(names.file([added: [1280, 2817]])) }?.subject.hasSuffix(added) == true)
    }

    // MARK: - Files that are something else

    /// What each kind of file is called, and tensors by which it is known.
    @Test(
        arguments: [
            ("a LoRA", ["lora_te_x.alpha", "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"]),
            ("a LoRA", ["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight"]),
            ("a LoRA", ["base_model.x.hada_w1_a"]),
            ("a textual inversion", ["emb_params"]), ("a textual inversion", ["string_to_param.*"]),
            ("a textual inversion", ["clip_g", "clip_l"]), ("a textual inversion", ["<a-cat>"]),
            ("a ControlNet", ["control_model.input_blocks.0.0.weight"]),
            ("a ControlNet", ["controlnet_cond_embedding.conv_in.weight", "down_blocks.0.resnets.0.conv1.weight"]),
            ("an IP-Adapter", ["image_proj.proj.weight", "ip_adapter.1.to_k_ip.weight"]),
            ("a T2I-Adapter", ["body.0.block1.weight", "conv_in.weight"]),
            ("a motion module", ["down_blocks.0.motion_modules.0.temporal_transformer.norm.bias"]),
            (
                "Stable Diffusion 3 in its original layout",
                ["model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight"]
            ),
            ("FLUX in its original layout", ["double_blocks.0.img_attn.norm.key_norm.scale"]),
            ("a transformer without its other parts", ["transformer_blocks.0.attn.to_q.weight"]),
            ("a T5 text encoder", ["encoder.block.0.layer.0.SelfAttention.q.weight", "shared.weight"]),
            ("a CLIP image encoder", ["vision_model.embeddings.class_embedding"]),
            ("a text encoder", ["text_model.embeddings.token_embedding.weight"]),
            ("a text encoder", ["transformer.resblocks.0.ln_1.weight", "token_embedding.weight"]),
            ("a UNet without its other parts", ["down_blocks.0.resnets.0.conv1.weight", "conv_in.weight"]),
            ("a UNet without its other parts", ["input_blocks.1.0.in_layers.0.weight", "out.2.weight"]),
            ("half of a tiny autoencoder", ["3.conv.0.weight", "1.weight"]),
            ("an upscaler", ["model.0.weight"]), ("tensors of no known model", ["a.b", "c.d", "e.f"]),
        ])
    func otherFilesAreRefusedByName(_ name: String, _ tensors: [String]) throws {
        let file = weights(tensors.map { ($0, [2, 768]) })
        let error = refusal { try OriginalLayout(file) }
        #expect(error?.code == .notAModel && error?.subject == "other.safetensors")
        #expect(error?.found == "\(name), with the tensor \(tensors[0])")
        #expect(refusal { try OriginalLayout.autoencoder(of: file, scalingFactor: nil) }?.found == error?.found)
    }

    private func weights(_ tensors: [(String, [Int])]) -> CheckpointWeights {
        let located = tensors.map { name, shape in
            (name, TensorLocation(file: "/other", type: .float16, shape: shape, offset: 0))
        }
        return CheckpointWeights(named: "other.safetensors", Dictionary(uniqueKeysWithValues: located))
    }

    /// Models of the same names that take more than noisy latents, or lack a part.
    @Test func otherModelsAreRefusedByName() throws {
        func found(_ family: String, _ changes: [String: [Int]?], without prefixes: [String] = []) throws -> String? {
            let names = try OriginalNames(family)
            var all = changes
            for name in names.tensors.keys where prefixes.contains(where: { name.hasPrefix($0) }) {
                all.updateValue(nil, forKey: name)
            }
            let error = refusal { try OriginalLayout(names.file(all)) }
            #expect(error?.code == .notAModel)
            return error?.found
        }
        let first = Self.unet + "input_blocks.0.0.weight"
        for (channels, name) in [
            (9, "an inpainting model"), (8, "an image editing model (InstructPix2Pix)"), (5, "a depth model"),
            (7, "an upscaler"), (16, "a model"),
        ] {
            #expect(
                try found("sd1", [first: [320, channels, 3, 3]])
                    == "\(name) of \(channels) input channels, with the tensor \(first)")
        }
        let added = Self.unet + "label_emb.0.0.weight"
        #expect(
            try found("sd2", [added: [1280, 2048]]) == "an image variation model (unCLIP), with the tensor \(added)")
        #expect(try found("xl", ["edm_mean": [1, 4, 1, 1]])?.hasPrefix("Playground 2.5") == true)
        #expect(
            try found("sd1", [:], without: ["cond_stage_model."])
                == "a UNet without text encoder, with the tensor \(first)")
        #expect(
            try found("sd1", [:], without: ["first_stage_model."])
                == "a UNet without autoencoder, with the tensor \(first)")
        let refiner = "conditioner.embedders.0.model.ln_final.bias"
        #expect(
            try found("xl", [refiner: [1280]], without: ["conditioner."])
                == "the refiner of Stable Diffusion XL, with the tensor \(refiner)")
    }

    // MARK: - Autoencoders alone

    @Test func autoencodersAloneAreTaken() throws {
        let names = try OriginalNames("xl")
        let prefix = "first_stage_model."
        let own = names.tensors.filter { $0.key.hasPrefix(prefix) }
        var alone: [String: TensorLocation] = [:]
        for (name, location) in own { alone[String(name.dropFirst(prefix.count))] = location }
        alone["loss.logvar"] = own.values.first
        let model = try OriginalLayout(names.file).autoencoder
        for file in [
            CheckpointWeights(named: "vae", alone), CheckpointWeights(named: "vae", own), names.file, model.weights,
        ] {
            let network = try OriginalLayout.autoencoder(of: file, scalingFactor: 0.13025)
            #expect(network.weights.tensors == model.weights.tensors)
            #expect(network.fields == model.fields.filter { $0.key != "sample_size" })
        }
        // By itself a factor is not told; a whole model has its own.
        #expect(
            try OriginalLayout.autoencoder(of: names.file, scalingFactor: nil).fields["scaling_factor"]
                == .number(0.13025))
        #expect(try OriginalLayout.autoencoder(of: model.weights, scalingFactor: nil).fields["scaling_factor"] == nil)
        #expect(refusal { try OriginalLayout(model.weights) }?.found == "an autoencoder alone")
    }

    @Test func aTinyAutoencoderAloneIsTaken() throws {
        let example = try CheckpointCase("AutoencoderTiny/sixteen-channels")
        let network = try OriginalLayout.autoencoder(of: example.weights(), scalingFactor: nil)
        #expect(network.fields["latent_channels"] == .number(16))
        #expect(network.fields["_class_name"] == .text("AutoencoderTiny"))
        #expect(refusal { try OriginalLayout(example.weights()) }?.found == "a tiny autoencoder alone")
    }
}
