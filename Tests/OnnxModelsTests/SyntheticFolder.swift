import Foundation
import Models
import OnnxModels
import TestSupport

/// The library of the repository's `.deps`, so that tests do not depend on where they are run.
let repositoryLibrary = Fixtures.repository.appendingPathComponent(".deps/onnxruntime/capi").path

/// One thread keeps results independent of the machine.
let testOptions = ExecutionOptions(threads: 1, library: repositoryLibrary)

/// The grove model of `samples/`.
let groveURL = Fixtures.repository.appendingPathComponent("samples/grove")

/// A model folder of tiny graphs (`Fixtures/OnnxModels/make_graphs.py`) in a private place, removed with it. Latents are
/// 2×3×5, images 6×10; scaling factor 0.5, shift factor 0.25.
final class SyntheticFolder {
    let url: URL

    init(
        unet: String = "unet-i64-one", encoder: String = "encoder-moments", decoder: String = "decoder",
        text: String = "text", files: [String: String?] = [:]
    ) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("ringkey-\(UUID().uuidString)")
        let graphs = ["unet": unet, "vae_encoder": encoder, "vae_decoder": decoder, "text_encoder": text]
        for (part, graph) in graphs {
            try copy(Fixtures.url("OnnxModels/graphs/\(graph).onnx"), to: "\(part)/model.onnx")
        }
        for name in ["vocab.json", "merges.txt", "tokenizer_config.json"] {
            try copy(groveURL.appendingPathComponent("tokenizer/\(name)"), to: "tokenizer/\(name)")
        }
        let vae = """
            {"latent_channels": 2, "block_out_channels": [8, 8], "scaling_factor": 0.5, "shift_factor": 0.25}
            """
        let texts = [
            "model_index.json": #"{"_class_name": "StableDiffusionPipeline"}"#,
            "unet/config.json": #"{"in_channels": 2, "sample_size": [3, 5], "cross_attention_dim": 3}"#,
            "vae_encoder/config.json": vae, "vae_decoder/config.json": vae,
            "text_encoder/config.json": #"{"hidden_size": 3, "max_position_embeddings": 7, "vocab_size": 584}"#,
            "scheduler/scheduler_config.json": #"{"_class_name": "DDIMScheduler", "prediction_type": "v_prediction"}"#,
        ]
        for (path, content) in texts { try write(content, to: path) }
        for (path, content) in files {
            if let content { try write(content, to: path) } else { try remove(path) }
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func open() throws -> OnnxModel { try OnnxModel(url.path, options: testOptions) }

    func copy(_ source: URL, to path: String) throws {
        try write(try Data(contentsOf: source), to: path)
    }

    func write(_ content: String, to path: String) throws { try write(Data(content.utf8), to: path) }

    func write(_ data: Data, to path: String) throws {
        let target = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: target)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: url.appendingPathComponent(path)) }
}
