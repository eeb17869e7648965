import Foundation
import InputErrors
import Tensors
import TestSupport
import Testing

/// What is refused, and that the text names the file and what is wrong with it.
struct RefusalTests {
    /// A change to a good folder and what the error must hold.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var graphs: [String: String] = [:]
        var files: [String: String?] = [:]
        let subject: String
        let code: InputError.Code
        let text: String
    }

    private static let vae = #"{"latent_channels": 2, "block_out_channels": [8, 8]}"#
    private static let huge = #"{"latent_channels": 9223372036854775807, "block_out_channels": [8, 8]}"#
    private static let deep = #"{"latent_channels": 2, "block_out_channels": [8, 8, 8, 8, 8, 8, 8, 8]}"#
    private static let opening: [Case] = [
        Case(testDescription: "no UNet", files: ["unet": nil], subject: "", code: .notAModel, text: "unet/"),
        Case(
            testDescription: "no encoder", files: ["vae_encoder": nil], subject: "", code: .notAModel,
            text: "vae_encoder/"),
        Case(
            testDescription: "no decoder", files: ["vae_decoder": nil], subject: "", code: .notAModel,
            text: "vae_decoder/"),
        Case(
            testDescription: "no text encoder", files: ["text_encoder": nil], subject: "", code: .notAModel,
            text: "text_encoder/"),
        Case(
            testDescription: "no scheduler", files: ["scheduler": nil], subject: "", code: .notAModel,
            text: "scheduler/"),
        Case(
            testDescription: "a checkpoint", files: ["vae_encoder": nil, "vae/config.json": "{}"], subject: "",
            code: .unexportedCheckpoint, text: "a diffusers checkpoint"),
        Case(
            testDescription: "no graph", files: ["unet/model.onnx": nil], subject: "unet/model.onnx", code: .notAModel,
            text: "nothing"),
        Case(
            testDescription: "a directory as graph",
            files: ["unet/model.onnx": nil, "unet/model.onnx/x": ""], subject: "unet/model.onnx", code: .notAModel,
            text: "a folder"),
        Case(
            testDescription: "an empty graph", files: ["unet/model.onnx": ""], subject: "unet/model.onnx",
            code: .empty, text: "0 bytes"),
        Case(
            testDescription: "no index", files: ["model_index.json": nil], subject: "model_index.json",
            code: .notAModel, text: "nothing"),
        Case(
            testDescription: "no configuration", files: ["unet/config.json": nil], subject: "unet/config.json",
            code: .notAModel, text: "nothing"),
        Case(
            testDescription: "no JSON", files: ["unet/config.json": "{"], subject: "unet/config.json",
            code: .modelConfiguration, text: "a string at byte 1, found the end"),
        Case(
            testDescription: "a missing field", files: ["unet/config.json": "{}"], subject: "unet/config.json",
            code: .modelConfiguration, text: "in_channels"),
        Case(
            testDescription: "a wrong type",
            files: ["unet/config.json": #"{"in_channels": "two", "sample_size": 3, "cross_attention_dim": 3}"#],
            subject: "unet/config.json", code: .modelConfiguration, text: "a whole number"),
        Case(
            testDescription: "channels beyond all bounds",
            files: [
                "unet/config.json":
                    #"{"in_channels": 9223372036854775807, "sample_size": 3, "cross_attention_dim": 3}"#,
                "vae_encoder/config.json": huge, "vae_decoder/config.json": huge,
            ], subject: "vae_decoder/config.json", code: .modelConfiguration, text: "from 1 to 256"),
        Case(
            testDescription: "images beyond all bounds",
            files: [
                "unet/config.json": #"{"in_channels": 2, "sample_size": 4096, "cross_attention_dim": 3}"#,
                "vae_encoder/config.json": deep, "vae_decoder/config.json": deep,
            ], subject: "unet/config.json", code: .modelConfiguration, text: "at most 16384 pixels"),
        Case(
            testDescription: "an inpainting UNet",
            files: ["unet/config.json": #"{"in_channels": 8, "sample_size": 3, "cross_attention_dim": 3}"#],
            subject: "unet/config.json", code: .modelConfiguration, text: "in_channels 2, the autoencoder's, found 8"),
        Case(
            testDescription: "learned variance",
            files: [
                "unet/config.json":
                    #"{"in_channels": 2, "out_channels": 4, "sample_size": 3, "cross_attention_dim": 3}"#
            ], subject: "unet/config.json", code: .modelConfiguration, text: "out_channels 2, found 4"),
        Case(
            testDescription: "SDXL",
            files: [
                "unet/config.json": """
                {"in_channels": 2, "sample_size": 3, "cross_attention_dim": 3, "addition_embed_type": "text_time"}
                """
            ], subject: "unet/config.json", code: .modelConfiguration, text: "text_time"),
        Case(
            testDescription: "a huge sample size",
            files: ["unet/config.json": #"{"in_channels": 2, "sample_size": 1e9, "cross_attention_dim": 3}"#],
            subject: "unet/config.json", code: .modelConfiguration, text: "sample_size"),
        Case(
            testDescription: "another text width", files: ["text_encoder/config.json": #"{"hidden_size": 768}"#],
            subject: "text_encoder/config.json", code: .modelConfiguration,
            text: "hidden_size 3, the cross_attention_dim of unet, found 768"),
        Case(
            testDescription: "two autoencoders", files: ["vae_encoder/config.json": vae],
            subject: "vae_decoder/config.json", code: .modelConfiguration, text: "the autoencoder of vae_encoder"),
        Case(
            testDescription: "an unknown prediction type",
            files: [
                "scheduler/scheduler_config.json": #"{"_class_name": "PNDMScheduler", "prediction_type": "score"}"#
            ],
            subject: "scheduler/scheduler_config.json", code: .modelConfiguration, text: "score"),
    ]

    private func expect(_ error: InputError?, _ item: Case, in folder: SyntheticFolder) {
        guard let error else { return }
        let subject = item.subject.isEmpty ? folder.url.path : "\(folder.url.path)/\(item.subject)"
        #expect(error.subject == subject || error.subject.hasPrefix(subject + ":"))
        #expect(error.code == item.code, "\(error)")
        #expect(error.description.contains(item.text), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    private func folder(_ item: Case) throws -> SyntheticFolder {
        try SyntheticFolder(
            unet: item.graphs["unet"] ?? "unet-i64-one", encoder: item.graphs["encoder"] ?? "encoder-moments",
            decoder: item.graphs["decoder"] ?? "decoder", text: item.graphs["text"] ?? "text",
            files: item.files.filter { $0.value == nil }
        ).applying(item.files)
    }

    @Test(arguments: opening) func refusesToOpen(item: Case) throws {
        let folder = try folder(item)
        expect(#expect(throws: InputError.self) { try folder.open() }, item, in: folder)
    }

    private static let loading: [Case] = [
        Case(
            testDescription: "graph with eight channels", graphs: ["unet": "unet-eight-channels"],
            subject: "unet/model.onnx: sample", code: .modelGraph, text: "[?, 2, ?, ?]"),
        Case(
            testDescription: "graph with another width", graphs: ["unet": "unet-wide-conditioning"],
            subject: "unet/model.onnx: encoder_hidden_states", code: .modelGraph, text: "[?, ?, 3]"),
        Case(
            testDescription: "an input too many", graphs: ["unet": "unet-extra-input"], subject: "unet/model.onnx",
            code: .modelGraph, text: "time_ids"),
        Case(
            testDescription: "a decoder in place of the UNet", graphs: ["unet": "decoder"], subject: "unet/model.onnx",
            code: .modelGraph, text: "latent_sample"),
        Case(
            testDescription: "odd encoder channels", graphs: ["encoder": "encoder-three-channels"],
            subject: "vae_encoder/model.onnx: latent_sample", code: .modelGraph, text: "[?, 4, ?, ?]"),
        Case(
            testDescription: "a wide text encoder", graphs: ["text": "text-wide"],
            subject: "text_encoder/model.onnx: last_hidden_state", code: .modelGraph, text: "[?, ?, 3]"),
        Case(
            testDescription: "a corrupt graph", files: ["unet/model.onnx": "this is not a graph"],
            subject: "unet/model.onnx", code: .modelGraph, text: "found"),
        Case(
            testDescription: "missing external data", graphs: ["decoder": "decoder-external"],
            subject: "vae_decoder/model.onnx", code: .modelGraph, text: "weights.onnx_data"),
        Case(
            testDescription: "a vocabulary larger than the embedding",
            files: ["text_encoder/config.json": #"{"hidden_size": 3, "vocab_size": 500}"#], subject: "tokenizer",
            code: .modelConfiguration, text: "584"),
        Case(
            testDescription: "no tokenizer", files: ["tokenizer": nil], subject: "tokenizer", code: .notAModel,
            text: "tokenizer.json"),
        Case(
            testDescription: "no vocabulary", files: ["tokenizer/vocab.json": nil], subject: "tokenizer",
            code: .notAModel, text: "tokenizer.json"),
        Case(
            testDescription: "no merges", files: ["tokenizer/merges.txt": nil], subject: "tokenizer", code: .notAModel,
            text: "tokenizer.json"),
        Case(
            testDescription: "merges of unknown tokens", files: ["tokenizer/merges.txt": "#version: 0.2\nzz qq\n"],
            subject: "tokenizer/merges.txt: line 2", code: .modelConfiguration, text: "zz qq"),
        Case(
            testDescription: "a vocabulary without the end token", files: ["tokenizer/vocab.json": #"{"a": 1}"#],
            subject: "tokenizer/vocab.json", code: .modelConfiguration, text: "<|startoftext|>"),
    ]

    @Test(arguments: loading) func refusesToLoad(item: Case) throws {
        let folder = try folder(item)
        let model = try folder.open()
        expect(
            #expect(throws: InputError.self) {
                try model.load([.unet, .vaeEncoder, .vaeDecoder, .textEncoder])
            }, item, in: folder)
    }

    @Test(arguments: [10, 100, 300, 567]) func refusesATruncatedGraph(length: Int) throws {
        let folder = try SyntheticFolder()
        let whole = try Data(contentsOf: Fixtures.url("OnnxModels/graphs/unet-i64-one.onnx"))
        try folder.write(whole.prefix(length), to: "unet/model.onnx")
        let model = try folder.open()
        let error = #expect(throws: InputError.self) { try model.onnxNoisePredictor.load() }
        #expect(error?.code == .modelGraph && error?.subject.hasSuffix("unet/model.onnx") == true)
        #expect(refusalCode { try model.summary(loading: false) } == .modelGraph)
    }

    /// Whatever byte of a graph is damaged, reading it ends in a summary or an `InputError`.
    @Test func survivesDamagedGraphs() throws {
        let folder = try SyntheticFolder()
        let whole = try Data(contentsOf: Fixtures.url("OnnxModels/graphs/unet-i64-one.onnx"))
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= [0x01, 0x80, 0xFF][index % 3]
            try folder.write(damaged, to: "unet/model.onnx")
            do { _ = try folder.open().summary(loading: false) } catch is InputError {}
        }
    }

    @Test func refusesExternalDataElsewhere() throws {
        let folder = try SyntheticFolder()
        let whole = try Data(contentsOf: Fixtures.url("OnnxModels/graphs/decoder-external.onnx"))
        let text = String(decoding: whole, as: Unicode.ASCII.self)
        #expect(text.contains("weights.onnx_data"))
        var moved = whole
        let range = try #require(whole.range(of: Data("weights.onnx_data".utf8)))
        moved.replaceSubrange(range, with: Data("../../../passwd/x".utf8))
        try folder.write(moved, to: "vae_decoder/model.onnx")
        let error = #expect(throws: InputError.self) { try folder.open().summary(loading: false) }
        #expect(error?.code == .modelGraph && error?.found == "../../../passwd/x")
    }

    @Test func refusesImagesThatDoNotFit() throws {
        let folder = try SyntheticFolder()
        let error = #expect(throws: InputError.self) {
            try folder.open().onnxAutoencoder.encode(Tensor(zeros: [1, 3, 7, 10]))
        }
        #expect(error?.code == .wrongShape && error?.found == "7x10")
    }

    @Test func loadsOnlyWhatIsUsed() throws {
        let folder = try SyntheticFolder(files: ["unet/model.onnx": "junk", "vae_decoder/model.onnx": "junk"])
        let model = try folder.open()
        _ = try model.onnxAutoencoder.encode(Tensor(zeros: [1, 3, 6, 10]))
        #expect(refusalCode { try model.onnxNoisePredictor.load() } == .modelGraph)
        #expect(refusalCode { try model.onnxAutoencoder.loadDecoder() } == .modelGraph)
    }
}

extension SyntheticFolder {
    /// Writes the files that have a content.
    fileprivate func applying(_ files: [String: String?]) throws -> SyntheticFolder {
        for (path, content) in files {
            if let content { try write(content, to: path) }
        }
        return self
    }
}
