import Foundation
import InputErrors
import ModelFolders
import Models
import NoiseSchedules
import OnnxSessions
import Tensors

/// A model folder with its graphs run by ONNX Runtime, each loaded at its first use.
public final class OnnxModel: DiffusionModel {
    /// What the folder's small files say.
    public let folder: ModelFolder
    /// `vae_encoder/` and `vae_decoder/`.
    public var autoencoder: (any Autoencoder)? { onnxAutoencoder }
    /// `unet/`.
    public var noisePredictor: (any NoisePredictor)? { onnxNoisePredictor }
    /// `tokenizer/` and `text_encoder/`.
    public var textEncoder: (any TextEncoder)? { onnxTextEncoder }

    package let onnxAutoencoder: OnnxAutoencoder
    package let onnxNoisePredictor: OnnxNoisePredictor
    package let onnxTextEncoder: OnnxTextEncoder
    let options: ExecutionOptions
    private let lazyDigest: Lazy<ModelDigest>

    /// Opens a folder.
    /// - Throws: `InputError` naming the part that is missing or does not fit the others.
    public init(_ path: String, options given: ExecutionOptions = ExecutionOptions()) throws {
        // An exporter's graph is slow before it is optimised.
        let options = given.fullyOptimizing
        let url = URL(fileURLWithPath: path)
        try Self.requireLayout(url)
        let folder = try ModelFolder(url)
        let unet = folder.configuration.unet
        self.folder = folder
        self.options = options
        func session(_ part: ModelPart) -> @Sendable () throws -> Session {
            let path = folder.file(part, Self.graphFile).path
            return { try Session(contentsOf: path, options: options) }
        }
        let vae = folder.configuration.vae
        onnxAutoencoder = OnnxAutoencoder(
            latentShape: folder.latentShape, scale: vae.scale,
            scaling: LatentScaling(factor: vae.scalingFactor ?? 0.18215, shift: vae.shiftFactor ?? 0),
            encoder: .anySize(session(.vaeEncoder)), decoder: .anySize(session(.vaeDecoder)))
        onnxNoisePredictor = OnnxNoisePredictor(
            predictionType: folder.predictionType, latentShape: folder.latentShape,
            conditioningWidth: unet.crossAttentionDim.values[0], source: .anySize(session(.unet)))
        onnxTextEncoder = OnnxTextEncoder(
            width: unet.crossAttentionDim.values[0], tokens: { try folder.promptTokens() }, open: session(.textEncoder))
        lazyDigest = Lazy { try ModelDigest(of: url) }
    }

    /// The folder's last path component.
    public var name: String { folder.name }
    /// The folder.
    public var path: String { folder.url.path }
    /// The shape of the latents that the model was trained on.
    public var latentShape: LatentShape { folder.latentShape }
    /// Height and width in pixels of the images that the model was trained on.
    public var imageSize: (height: Int, width: Int) { folder.imageSize }

    /// What the scheduler's file says.
    public func scheduler() throws -> SchedulerConfiguration { try folder.scheduler() }
    /// The hash of the model's files, computed once.
    public func digest() throws -> String { try lazyDigest().sha256 }

    /// Loads graphs now, each in its own thread, instead of at their first use.
    public func load(_ parts: [ModelPart]) throws {
        try Concurrently.forEach(parts) { part in
            switch part {
            case .unet: try self.onnxNoisePredictor.load()
            case .vaeEncoder: try self.onnxAutoencoder.loadEncoder()
            case .vaeDecoder: try self.onnxAutoencoder.loadDecoder()
            case .textEncoder, .tokenizer: try self.onnxTextEncoder.load()
            case .scheduler: break
            }
        }
    }

    static let graphFile = "model.onnx"

    private static func requireLayout(_ url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw InputError(url.path, expected: "a model folder", found: "nothing", as: .missing)
        }
        guard url.isFolder else {
            throw InputError(url.path, expected: "a model folder", found: "a file", as: .notAModel)
        }
        let isCheckpoint =
            url.appendingPathComponent("vae").isFolder
            && !url.appendingPathComponent(ModelPart.vaeEncoder.rawValue).isFolder
        guard !isCheckpoint else {
            throw InputError(
                url.path, expected: "an ONNX export with vae_encoder/ and vae_decoder/",
                found: "a diffusers checkpoint", as: .unexportedCheckpoint)
        }
        try ModelFolder.requireParts(url) { part in
            switch part {
            case .unet, .vaeEncoder, .vaeDecoder, .textEncoder: [graphFile, "config.json"]
            case .tokenizer: []
            case .scheduler: ["scheduler_config.json"]
            }
        }
    }
}
