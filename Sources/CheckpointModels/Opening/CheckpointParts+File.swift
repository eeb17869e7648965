import Files
import Foundation
import InputErrors
import ModelFolders
import NoiseSchedules

extension CheckpointParts {
    private static let fileFormat = "single file"
    private static let safetensors = ".safetensors"
    /// Of files that PyTorch writes as pickles.
    private static let pickles = [".ckpt", ".pt", ".pth", ".bin"]

    /// Whether a file may be a model in one file, by its name.
    package static func recognises(file path: String) -> Bool {
        let name = RawPath(path).lastComponent.text
        return ([safetensors] + pickles).contains { name.hasSuffix($0) } && !RawPath(path).isFolder
    }

    /// Reads a single file: a model in the original layout, or an autoencoder.
    /// - Parameter prediction: what the model predicts, where the caller knows; nil for what its family does.
    /// - Throws: `InputError` for something else, and for a model whose tensors do not tell what it predicts.
    package init(file path: String, prediction: PredictionType?) throws {
        guard path.hasSuffix(Self.safetensors) else {
            _ = try RegularFile(opening: path)
            throw InputError(
                path, expected: "weights in the safetensors format", found: "a Python pickle, which can run any code",
                as: .pickledModel)
        }
        let file = try CheckpointWeights(named: path, files: [URL(fileURLWithPath: path)])
        switch FileContent(of: file) {
        case .originalAutoencoder, .autoencoder, .tinyAutoencoder:
            let network = try OriginalLayout.autoencoder(of: file, scalingFactor: nil)
            self.init(
                path: path, format: Self.fileFormat, pipeline: nil, autoencoder: try Self.part(network, "vae", path),
                denoiser: nil, texts: [],
                scheduler: nil, smallFiles: [])
        case .model, .other:
            try self.init(OriginalLayout(file, prediction: prediction), path)
            saidPrediction = prediction == OriginalLayout.toldPrediction(file) ? nil : prediction
        }
    }

    private init(_ layout: OriginalLayout, _ path: String) throws {
        let names = ["text_encoder", "text_encoder_2"]
        let settings = layout.schedulerFile
        self.init(
            path: path, format: Self.fileFormat, pipeline: nil,
            autoencoder: try Self.part(layout.autoencoder, "vae", path),
            denoiser: try Self.part(layout.unet, "unet", path),
            texts: try zip(names, layout.textEncoders).map { name, encoder in
                Text(part: try Self.part(encoder, name, path)) { try Self.emptyPrompt(encoder, path) }
            },
            scheduler: { try SchedulerConfiguration(data: settings, named: path, pipeline: nil) }, smallFiles: [])
    }

    private static func part(_ network: OriginalLayout.Network, _ name: String, _ path: String) throws -> CheckpointPart
    {
        try CheckpointPart(
            named: "\(path)/\(name)", fields: network.fields, files: [URL(fileURLWithPath: path)]
        ) { network.weights }
    }

    /// A single file has no vocabulary, and the empty prompt needs none.
    private static func emptyPrompt(_ encoder: OriginalLayout.Network, _ path: String) throws -> PromptTokens {
        func number(_ field: String) throws -> Int {
            try NetworkConfiguration(named: path, encoder.fields).integer(field, in: 0...1 << 24)
        }
        return PromptTokens(
            .init(
                start: try number("bos_token_id"), end: try number("eos_token_id"),
                padding: try number("pad_token_id")),
            length: try number("max_position_embeddings"),
            missing: InputError(
                path, expected: "a tokenizer, for a prompt that is not empty", found: "none", as: .notAModel))
    }
}
