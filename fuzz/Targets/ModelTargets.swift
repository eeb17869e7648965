import CheckpointModels
import Foundation
import ModelFolders
import NoiseSchedules
import OnnxModels

let modelTargets = [
    FuzzTarget("scheduler") { bytes in
        let configuration = try SchedulerConfiguration(data: Data(bytes), named: "fuzz")
        for count in [1, 4, 50] where count <= configuration.schedule.trainingSteps {
            for step in try configuration.schedule.fitted(height: 64, width: 96).steps(count) {
                for level in [step.clean, step.noisy] {
                    let sum = level.alpha * level.alpha + level.sigma * level.sigma
                    precondition(sum.isFinite && level.timestep.isFinite, "\(level) of \(configuration)")
                }
            }
        }
        _ = try configuration.solver()
    },
    FuzzTarget("model-folder") { bytes in
        try modelFolder.write(modelFiles, of: bytes)
        let folder = try ModelFolder(modelFolder.url)
        precondition(folder.latentShape.count > 0, "\(folder.latentShape)")
        _ = try folder.scheduler()
    },
    FuzzTarget("tokenizer") { bytes in
        try tokenizerFolder.write(tokenizerFiles, of: bytes)
        let tokenizer = try ModelFolder(tokenizerFolder.url).tokenizer()
        for text in ["", "a photo of Ånd 12's 雪🙂\n"] {
            let ids = tokenizer.encode(text)
            precondition(
                ids.count == tokenizer.maximumLength && ids.allSatisfy { $0 < tokenizer.vocabularySize },
                "\(ids.count) ids of \(tokenizer.maximumLength)")
        }
    },
    // The configuration and the header of the weights; a graph is built over both, and no element is read.
    FuzzTarget("network") { bytes in
        try networkFolder.write(["config.json", "model.safetensors"], of: bytes)
        for graph in try PartGraph.all(in: networkFolder.url) {
            precondition(!graph.model.isEmpty, "an empty graph of the \(graph.role)")
        }
    },
    // Names and shapes of the tensors of a single file, a line each; the graphs of all its parts are built.
    FuzzTarget("single-file") { bytes in
        let path = try singleFile(bytes)
        for graph in try PartGraph.all(inFile: path, prediction: .epsilon) {
            precondition(!graph.model.isEmpty, "an empty graph of the \(graph.role)")
        }
    },
    FuzzTarget("onnx", fixtures: ["OnnxModels/graphs"]) { bytes in
        let path = try graphFolder.write("model.onnx", bytes[...])
        _ = try OnnxFile(URL(fileURLWithPath: path))
    },
]

private let modelFolder = ScratchFolder("model")
/// A model but for its tokenizer.
private let tokenizerFolder: ScratchFolder = {
    let folder = ScratchFolder("tokenizer")
    let vae = #"{"latent_channels": 4, "block_out_channels": [8, 8]}"#
    let parts = [
        "unet": #"{"in_channels": 4, "sample_size": 8, "cross_attention_dim": 8}"#, "vae_encoder": vae,
        "vae_decoder": vae, "text_encoder": #"{"hidden_size": 8, "max_position_embeddings": 16}"#,
    ]
    for (part, text) in parts { _ = try? folder.write("\(part)/config.json", Array(text.utf8)[...]) }
    _ = try? folder.write("scheduler/scheduler_config.json", Array(#"{"_class_name": "DDIMScheduler"}"#.utf8)[...])
    _ = try? folder.write("model_index.json", Array(#"{"_class_name": "StableDiffusionPipeline"}"#.utf8)[...])
    return folder
}()
private let tokenizerFiles = [
    "tokenizer/vocab.json", "tokenizer/merges.txt", "tokenizer/tokenizer_config.json", "tokenizer/tokenizer.json",
]
private let networkFolder = ScratchFolder("network")
private let singleFileFolder = ScratchFolder("single-file")

/// A .safetensors file with a hole in place of the elements.
private func singleFile(_ bytes: [UInt8]) throws -> String {
    var (members, size) = ([String](), 0)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard let name = words.first, name.allSatisfy({ $0.isASCII && $0 != "\"" && $0 != "\\" && $0 >= " " }) else {
            continue
        }
        let shape = words.dropFirst().compactMap { Int($0) }
        // A file has some end.
        let count = shape.reduce(1) { $1 >= 0 && $0 <= 1 << 30 && $1 <= 1 << 30 ? $0 * $1 : -1 }
        guard (0...1 << 30).contains(count) else { continue }
        let end = size + 2 * count
        members.append("\"\(name)\":{\"dtype\":\"F16\",\"shape\":\(shape),\"data_offsets\":[\(size),\(end)]}")
        size = end
    }
    let header = Array("{\(members.joined(separator: ","))}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    let path = try singleFileFolder.write("model.safetensors", (length + header)[...])
    truncate(path, off_t(length.count + header.count + size))
    return path
}

private let graphFolder = ScratchFolder("graph")
private let modelFiles = [
    "model_index.json", "unet/config.json", "vae/config.json", "vae_encoder/config.json", "vae_decoder/config.json",
    "text_encoder/config.json", "scheduler/scheduler_config.json",
]
