import Files
import Foundation
import InputErrors
import ModelFolders
import Models
import NoiseSchedules

extension CheckpointParts {
    private static let format = "diffusers"
    private static let indexFile = "model_index.json"
    private static let schedulerFile = "scheduler/scheduler_config.json"
    private static let denoisers = ["unet", "transformer"]
    private static let textEncoders = ["text_encoder", "text_encoder_2", "text_encoder_3"]

    private struct Index: Decodable {
        let className: String?

        enum CodingKeys: String, CodingKey { case className = "_class_name" }
    }

    /// Whether a folder is laid out as diffusers saves a pipeline, or an autoencoder alone. Exports have their encoder in
    /// a folder of its own, whatever else of the checkpoint lies beside it.
    package static func recognises(folder path: String) -> Bool {
        func isFile(_ name: String) -> Bool { RawPath("\(path)/\(name)").status != nil }
        guard !isFile(ModelPart.vaeEncoder.rawValue) else { return false }
        return isFile("vae") || isPart(path)
            || denoisers.contains { isFile("\($0)/config.json") && !isFile("\($0)/model.onnx") }
    }

    /// Whether a folder is that of one network.
    private static func isPart(_ path: String) -> Bool {
        RawPath("\(path)/\(indexFile)").status == nil && RawPath("\(path)/vae").status == nil
            && RawPath("\(path)/\(CheckpointPart.configurationFile)").status != nil
    }

    /// Reads a folder: that of a pipeline, or that of an autoencoder.
    /// - Throws: `InputError` naming the file that is missing or does not fit.
    package init(folder path: String) throws {
        let url = URL(fileURLWithPath: path)
        guard !Self.isPart(path) else {
            self.init(
                path: path, format: Self.format, pipeline: nil, autoencoder: try CheckpointPart(folder: url),
                denoiser: nil, texts: [],
                scheduler: nil, smallFiles: [CheckpointPart.configurationFile])
            return
        }
        func folder(_ name: String) -> URL? {
            let folder = url.appendingPathComponent(name)
            return folder.isFolder ? folder : nil
        }
        let index = url.appendingPathComponent(Self.indexFile)
        let hasIndex = RawPath(index.path).status != nil
        let pipeline = hasIndex ? try ModelFile.decode(Index.self, index).className : nil
        guard let autoencoder = folder("vae") else {
            throw InputError(path, expected: "a folder vae/", found: "none", as: .notAModel)
        }
        let texts = try Self.textEncoders.compactMap(folder).map(Self.text)
        let tokenizerFiles = try Self.tokenizerFiles(in: url)
        let emptyPrompt = url.appendingPathComponent(EmptyPrompt.file).path
        let hasEmptyPrompt = RawPath(emptyPrompt).status != nil
        let settings = url.appendingPathComponent(Self.schedulerFile).path
        let hasScheduler = RawPath(settings).status != nil
        let scheduler: @Sendable () throws -> SchedulerConfiguration = {
            let data = try InputFile.read(settings, limit: 1 << 20)
            return try SchedulerConfiguration(data: data, named: settings, pipeline: pipeline)
        }
        self.init(
            path: path, format: Self.format, pipeline: pipeline, autoencoder: try CheckpointPart(folder: autoencoder),
            denoiser: try Self.denoisers.compactMap(folder).first.map { try CheckpointPart(folder: $0) }, texts: texts,
            scheduler: hasScheduler ? scheduler : nil,
            smallFiles: (hasIndex ? [Self.indexFile] : []) + (hasScheduler ? [Self.schedulerFile] : [])
                + (hasEmptyPrompt ? [EmptyPrompt.file] : []) + tokenizerFiles,
            emptyPrompt: hasEmptyPrompt ? EmptyPrompt(path: emptyPrompt) : nil)
    }

    /// The files of all tokenizers but hidden ones, relative to the folder.
    private static func tokenizerFiles(in folder: URL) throws -> [String] {
        try textEncoders.map(tokenizer).filter { folder.appendingPathComponent($0).isFolder }.flatMap { name in
            try Folder.names(in: folder.appendingPathComponent(name).path).map(\.text)
                .filter { !$0.hasPrefix(".") && !RawPath("\(folder.path)/\(name)/\($0)").isFolder }
                .map { "\(name)/\($0)" }
        }
    }

    /// The folder of a text encoder's tokenizer.
    private static func tokenizer(_ textEncoder: String) -> String {
        textEncoder.replacingOccurrences(of: "text_encoder", with: "tokenizer")
    }

    /// A text encoder's folder, and its tokenizer's beside it.
    private static func text(_ folder: URL) throws -> Text {
        let part = try CheckpointPart(folder: folder)
        let tokenizer = folder.deletingLastPathComponent().appendingPathComponent(
            Self.tokenizer(folder.lastPathComponent))
        guard part.className != "T5EncoderModel" else {
            return Text(part: part) { try PromptTokens(t5: part, tokenizer: tokenizer) }
        }
        let text = try ModelFile.decode(
            ModelConfiguration.Text.self, folder.appendingPathComponent(CheckpointPart.configurationFile))
        return Text(part: part) { try PromptTokens(tokenizer: tokenizer, for: text) }
    }
}
