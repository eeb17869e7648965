import Diffusion
import Foundation
import Tensors

/// A Stable Diffusion model in the folder layout that Optimum exports.
///
/// Opening reads and checks the small JSON files against each other; graphs are loaded at their first use. Shapes,
/// factors and the prediction type come from the folder. A field that diffusers itself lets be absent has its value
/// there: `scaling_factor` 0.18215, `prediction_type` epsilon.
///
/// *Limitations*: one text encoder, a UNet conditioned on text and time alone (no SDXL, inpainting, LCM or class
/// embedding), no transformers (SD3, Flux).
public final class ModelFolder: Sendable {
    /// The folder.
    public let url: URL
    /// How its graphs are run.
    public let options: ExecutionOptions
    /// The shape of the latents that the model was trained on.
    public let latentShape: LatentShape
    /// Height and width in pixels of the images that the model was trained on.
    public let imageSize: (height: Int, width: Int)
    /// What the UNet returns; `prediction_type` of the scheduler.
    public let predictionType: PredictionType
    /// `vae_encoder/` and `vae_decoder/`.
    public let autoencoder: OnnxAutoencoder
    /// `unet/`.
    public let noisePredictor: OnnxNoisePredictor
    /// `tokenizer/` and `text_encoder/`.
    public let textEncoder: OnnxTextEncoder

    let configuration: ModelConfiguration
    private let lazyDigest: Lazy<ModelDigest>

    /// The folder's last path component.
    public var name: String { url.standardizedFileURL.lastPathComponent }

    /// `scheduler/scheduler_config.json`.
    public var schedulerConfiguration: URL { file(.scheduler, "scheduler_config.json") }

    /// Opens a folder.
    /// - Throws: `InputError` naming the part that is missing or does not fit the others.
    public init(_ url: URL, options: ExecutionOptions = ExecutionOptions()) throws {
        try Self.requireLayout(url)
        let configuration = try Self.readConfiguration(url)
        try configuration.requireAgreement(in: url)
        let (unet, vae, text) = (configuration.unet, configuration.vae, configuration.text)
        self.url = url
        self.options = options
        self.configuration = configuration
        predictionType = try Self.predictionType(configuration.scheduler, url)
        latentShape = LatentShape(
            channels: vae.latentChannels, height: unet.sampleSize.values[0],
            width: unet.sampleSize.values[unet.sampleSize.values.count - 1])
        imageSize = (latentShape.height * vae.scale, latentShape.width * vae.scale)
        func path(_ part: ModelPart) -> String { Self.file(url, part, "model.onnx").path }
        autoencoder = OnnxAutoencoder(
            encoderPath: path(.vaeEncoder), decoderPath: path(.vaeDecoder), vae: vae, latentShape: latentShape,
            options: options)
        noisePredictor = OnnxNoisePredictor(
            path: path(.unet), predictionType: predictionType, latentShape: latentShape,
            conditioningWidth: unet.crossAttentionDim.values[0], options: options)
        let tokenizerFolder = url.appendingPathComponent(ModelPart.tokenizer.rawValue)
        textEncoder = OnnxTextEncoder(
            path: path(.textEncoder), width: unet.crossAttentionDim.values[0], options: options
        ) {
            let tokenizer = try CLIPTokenizer(folder: tokenizerFolder, lengthLimit: text.maxPositionEmbeddings)
            if let size = text.vocabSize, tokenizer.vocabularySize > size {
                throw InputError(
                    tokenizerFolder.path, expected: "at most the \(size) tokens of text_encoder",
                    found: "\(tokenizer.vocabularySize)")
            }
            return tokenizer
        }
        lazyDigest = Lazy { try ModelDigest(of: url) }
    }

    /// Loads graphs now, each in its own thread, instead of at their first use.
    public func prepare(_ parts: [ModelPart]) throws {
        try Concurrently.forEach(parts) { part in
            switch part {
            case .unet: try self.noisePredictor.load()
            case .vaeEncoder: try self.autoencoder.loadEncoder()
            case .vaeDecoder: try self.autoencoder.loadDecoder()
            case .textEncoder, .tokenizer: try self.textEncoder.load()
            case .scheduler: break
            }
        }
    }

    /// The hash of the model's files, computed once.
    public func digest() throws -> ModelDigest { try lazyDigest() }

    func file(_ part: ModelPart, _ name: String) -> URL { Self.file(url, part, name) }

    private static func file(_ url: URL, _ part: ModelPart, _ name: String) -> URL {
        url.appendingPathComponent(part.rawValue).appendingPathComponent(name)
    }

    private static func requireLayout(_ url: URL) throws {
        let manager = FileManager.default
        var isDirectory: ObjCBool = false
        guard manager.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw InputError(url.path, expected: "a model folder", found: "nothing")
        }
        guard isDirectory.boolValue else { throw InputError(url.path, expected: "a model folder", found: "a file") }
        let isCheckpoint =
            manager.fileExists(atPath: url.appendingPathComponent("vae").path)
            && !manager.fileExists(atPath: file(url, .vaeEncoder, "").path)
        guard !isCheckpoint else {
            throw InputError(
                url.path, expected: "an ONNX export with vae_encoder/ and vae_decoder/",
                found: "a diffusers checkpoint (scripts/export_onnx.py turns it into one)")
        }
        for part in ModelPart.allCases {
            let folder = url.appendingPathComponent(part.rawValue)
            guard manager.fileExists(atPath: folder.path, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw InputError(url.path, expected: "a folder \(part.rawValue)/", found: "none")
            }
            for name in part.requiredFiles { _ = try ModelFile.requiredSize(folder.appendingPathComponent(name)) }
        }
    }

    private static func readConfiguration(_ url: URL) throws -> ModelConfiguration {
        let encoder = try ModelFile.decode(ModelConfiguration.Vae.self, file(url, .vaeEncoder, "config.json"))
        let decoder = try ModelFile.decode(ModelConfiguration.Vae.self, file(url, .vaeDecoder, "config.json"))
        guard encoder == decoder else {
            throw InputError(
                file(url, .vaeDecoder, "config.json").path, expected: "the autoencoder of vae_encoder",
                found: "another one")
        }
        return ModelConfiguration(
            index: try ModelFile.decode(ModelConfiguration.Index.self, url.appendingPathComponent("model_index.json")),
            unet: try ModelFile.decode(ModelConfiguration.Unet.self, file(url, .unet, "config.json")),
            vae: decoder,
            text: try ModelFile.decode(ModelConfiguration.Text.self, file(url, .textEncoder, "config.json")),
            scheduler: try ModelFile.decode(
                ModelConfiguration.Scheduler.self, file(url, .scheduler, "scheduler_config.json")))
    }

    private static func predictionType(_ scheduler: ModelConfiguration.Scheduler, _ url: URL) throws -> PredictionType {
        guard let text = scheduler.predictionType else {
            return scheduler.className?.hasPrefix("FlowMatch") == true ? .flow : .epsilon
        }
        guard let type = PredictionType(rawValue: text) else {
            throw InputError(
                file(url, .scheduler, "scheduler_config.json").path,
                expected: "a prediction_type of \(PredictionType.allCases.map(\.rawValue).joined(separator: ", "))",
                found: text)
        }
        return type
    }
}
