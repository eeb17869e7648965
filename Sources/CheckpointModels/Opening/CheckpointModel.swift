import Foundation
import InputErrors
import ModelFolders
import Models
import NoiseSchedules
import OnnxSessions
import Tensors

/// A checkpoint as it was downloaded. Each network's graph is built and loaded at its first use.
public final class CheckpointModel: DiffusionModel {
    /// `OWNER/NAME` in the hub's cache, else the last component of its path.
    public var name: String { HubCache.name(of: URL(fileURLWithPath: path).standardizedFileURL.path) }
    /// The folder or file.
    public var path: String { parts.path }
    /// The shape of the latents that it was trained on.
    public let latentShape: LatentShape
    /// Height and width in pixels of the images that it was trained on.
    public let imageSize: (height: Int, width: Int)

    /// int8 where a network of it computes in 8-bit integers, else float32.
    public let precision: Precision

    /// E and D.
    public var autoencoder: (any Autoencoder)? { onnxAutoencoder }
    /// The UNet or transformer.
    public var noisePredictor: (any NoisePredictor)? { onnxNoisePredictor }
    /// The text encoders.
    public var textEncoder: (any TextEncoder)? { checkpointTextEncoder }

    package let parts: CheckpointParts
    package let options: ExecutionOptions
    package let onnxAutoencoder: OnnxAutoencoder
    package let onnxNoisePredictor: OnnxNoisePredictor?
    package let checkpointTextEncoder: CheckpointTextEncoder?
    private let lazyDigest: Lazy<String>

    /// - Parameter environment: says where weights in int8 are kept.
    /// - Throws: `InputError` for parts that are not supported or do not fit each other.
    package init(
        _ parts: CheckpointParts, options given: ExecutionOptions,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let autoencoder = try NetworkClass.autoencoder(parts.autoencoder)
        let denoiser = try parts.denoiser.map(NetworkClass.denoiser)
        let shape = try Self.latentShape(autoencoder, denoiser, parts)
        let options = try given.resolvingPrecision(
            [
                autoencoder is any QuantizableAutoencoderNetwork ? parts.autoencoder : nil,
                denoiser is any QuantizableDenoisingNetwork ? parts.denoiser : nil,
            ].compactMap(\.self))
        self.parts = parts
        self.options = options
        latentShape = shape
        imageSize = (shape.height * autoencoder.scale, shape.width * autoencoder.scale)
        let opening = NetworkOpening(
            parts.autoencoder, isQuantizable: autoencoder is any QuantizableAutoencoderNetwork,
            options.fullyOptimizing, environment)
        func memory(_ bytes: Int) -> WorkingMemory { WorkingMemory(bytesPerPlace: bytes, of: parts.autoencoder.name) }
        onnxAutoencoder = OnnxAutoencoder(
            latentShape: shape, scale: autoencoder.scale, scaling: autoencoder.scaling,
            encoder: opening.source("encoder", memory: memory(autoencoder.encoderBytes)) {
                try autoencoder.encoderGraph($0, quantization: $1)
            },
            decoder: opening.source(
                "decoder", memory: memory(autoencoder.decoderBytes * autoencoder.scale * autoencoder.scale)
            ) { try autoencoder.decoderGraph($0, quantization: $1) })
        var precisions = [opening.precision]
        if let denoiser, let part = parts.denoiser {
            guard let scheduler = parts.scheduler else {
                throw InputError(parts.path, expected: "a folder scheduler/", found: "none", as: .notAModel)
            }
            let opening = NetworkOpening(
                part, isQuantizable: denoiser is any QuantizableDenoisingNetwork, options, environment)
            onnxNoisePredictor = OnnxNoisePredictor(
                predictionType: try scheduler().predictionType, latentShape: shape,
                conditioningWidth: denoiser.conditioningWidth, imageScale: autoencoder.scale,
                embedsGuidance: denoiser.embedsGuidance, latentMultiple: denoiser.latentMultiple,
                source: opening.source(
                    "denoiser", memory: WorkingMemory(bytesPerPlace: denoiser.activationBytes, of: part.name)
                ) { try denoiser.graph($0, quantization: $1) })
            precisions.append(opening.precision)
            checkpointTextEncoder = try CheckpointTextEncoder(
                denoiser.composition, width: denoiser.conditioningWidth, parts, options: options)
        } else {
            (onnxNoisePredictor, checkpointTextEncoder) = (nil, nil)
        }
        precision = precisions.contains(.int8) ? .int8 : .float32
        lazyDigest = Lazy { try parts.digest() }
    }

    /// What the scheduler's file says.
    /// - Throws: `InputError` where there is none, or one that cannot be followed.
    public func scheduler() throws -> SchedulerConfiguration {
        guard let scheduler = parts.scheduler else { throw ModelPart.scheduler.missing }
        return try scheduler()
    }

    /// The hash of the files that were used, computed once.
    public func digest() throws -> String { try lazyDigest() }

    /// Loads networks now, each in its own thread.
    public func load(_ parts: [ModelPart]) throws {
        try Concurrently.forEach(parts) { part in
            switch part {
            case .unet: try self.onnxNoisePredictor?.load()
            case .vaeEncoder: try self.onnxAutoencoder.loadEncoder()
            case .vaeDecoder: try self.onnxAutoencoder.loadDecoder()
            case .textEncoder, .tokenizer: try self.checkpointTextEncoder?.load()
            case .scheduler: break
            }
        }
    }

    /// From the network that predicts noise, or else from the autoencoder; 512×512 pixels where neither says.
    private static func latentShape(
        _ autoencoder: any AutoencoderNetwork, _ denoiser: (any DenoisingNetwork)?, _ parts: CheckpointParts
    ) throws -> LatentShape {
        if let denoiser, denoiser.latentChannels != autoencoder.latentChannels {
            throw InputError(
                parts.denoiser?.name ?? parts.path,
                expected: "\(autoencoder.latentChannels) channels, as the autoencoder's latents have",
                found: "\(denoiser.latentChannels)", as: .modelConfiguration)
        }
        let own = autoencoder.sampleSize.map { $0.map { max(1, $0 / autoencoder.scale) } }
        let size = denoiser?.sampleSize ?? own ?? [512 / autoencoder.scale]
        guard size.allSatisfy({ $0 * autoencoder.scale <= ModelConfiguration.largestSide }) else {
            throw InputError(
                parts.denoiser?.name ?? parts.path,
                expected: "a sample_size for images of at most \(ModelConfiguration.largestSide) pixels",
                found: "\(size), for \(size.map { $0 * autoencoder.scale })", as: .modelConfiguration)
        }
        return LatentShape(
            channels: autoencoder.latentChannels, height: size[0], width: size[size.count - 1])
    }
}
