import Foundation
import InputErrors
import NoiseSchedules

/// A single file in the layout of CompVis and Stability, as diffusers would convert it: the same tensors under diffusers'
/// names, where they lie, and the configurations that shapes tell.
///
/// EMA weights beside the others (`model_ema.`), buffers of schedules and everything else outside the networks are ignored.
package struct OriginalLayout: Sendable {
    /// A network of the file.
    package struct Network: Sendable {
        /// What `config.json` would say.
        package let fields: [String: ConfigurationValue]
        /// The tensors by the names of diffusers and transformers.
        package let weights: CheckpointWeights
    }

    /// The family.
    package let family: Family
    /// What the UNet predicts.
    package let prediction: PredictionType
    /// `UNet2DConditionModel`.
    package let unet: Network
    /// `AutoencoderKL`.
    package let autoencoder: Network
    /// `CLIPTextModel`, and for XL a `CLIPTextModelWithProjection` after it.
    package let textEncoders: [Network]
    /// Whether the schedule ends in pure noise, which some models that predict v are marked with.
    private let hasZeroTerminalSNR: Bool

    /// Finds the networks of a file; no tensor is read.
    /// - Parameters:
    ///   - file: all tensors, under their own names.
    ///   - prediction: ε or v, where the caller knows; nil for what the family has, or the file is marked with.
    /// - Throws: `InputError` for a file that is something else, one that lacks a tensor, and Stable Diffusion 2 without
    ///   `prediction` (code `untoldPrediction`).
    package init(_ file: CheckpointWeights, prediction: PredictionType? = nil) throws {
        family = try Self.family(of: file)
        self.prediction = try Self.prediction(prediction, family, file)
        hasZeroTerminalSNR = file.has(Self.zeroTerminalMark)
        let size = family.imageSize(self.prediction)
        textEncoders = try family.encoders.map { encoder in
            let text = encoder.encoder(in: file)
            return Network(fields: try text.configuration(), weights: try text.weights())
        }
        let unet = try OriginalUNet(file)
        let pooled = try family.encoders.last.flatMap { $0.hasProjection ? $0.encoder(in: file) : nil }?.pooledWidth()
        autoencoder = try Self.autoencoder(
            file,
            below: OriginalAutoencoder.prefixes.filter { prefix in
                file.tensors.keys.contains { $0.hasPrefix(prefix) }
            }, scalingFactor: family.scalingFactor, sampleSize: size)
        self.unet = Network(
            fields: try unet.configuration(sampleSize: size / family.latentScale, pooledWidth: pooled ?? 0),
            weights: try unet.weights())
    }

    private static func family(of file: CheckpointWeights) throws -> Family {
        switch FileContent(of: file) {
        case .model(let family): return family
        case let other: throw other.refusal(of: file.name, expected: "a Stable Diffusion 1, 2 or XL model")
        }
    }

    // MARK: - What the UNet predicts

    /// Tensors that those who make models of v put into their files.
    private static let velocityMark = "v_pred"
    private static let zeroTerminalMark = "ztsnr"

    /// What a file says that its model predicts; nil where it says nothing.
    package static func toldPrediction(_ file: CheckpointWeights) -> PredictionType? {
        try? OriginalLayout(file).prediction
    }

    private static func prediction(
        _ known: PredictionType?, _ family: Family, _ file: CheckpointWeights
    ) throws -> PredictionType {
        if let known { return known }
        if file.has(velocityMark) { return .vPrediction }
        guard family == .stableDiffusion2 else { return .epsilon }
        throw InputError(
            file.name, expected: "to know whether it predicts ε (512 pixels) or v (768 pixels)",
            found: "Stable Diffusion 2, whose tensors are the same for both", as: .untoldPrediction)
    }

    /// A `scheduler_config.json` with the noise schedule that all families have.
    package var schedulerFile: Data {
        Data(
            """
            {"_class_name": "DDIMScheduler", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
            "num_train_timesteps": 1000, "clip_sample": false, "set_alpha_to_one": false, "steps_offset": 1,
            "prediction_type": "\(prediction.rawValue)", "rescale_betas_zero_snr": \(hasZeroTerminalSNR)}
            """.utf8)
    }

    // MARK: - Autoencoders

    /// The autoencoder of a file: of one that is an autoencoder, in either layout, or of a whole model.
    /// - Parameter scalingFactor: by the model that it is for; nil for that of the file's own family, where it is known.
    /// - Throws: `InputError` for a file that is something else, and one that lacks a tensor.
    package static func autoencoder(of file: CheckpointWeights, scalingFactor: Double?) throws -> Network {
        switch FileContent(of: file) {
        case .originalAutoencoder(let prefix):
            return try autoencoder(file, below: [prefix], scalingFactor: scalingFactor, sampleSize: nil)
        case .autoencoder:
            return Network(
                fields: try AutoencoderShapes.configuration(file, scalingFactor: scalingFactor, sampleSize: nil),
                weights: file)
        case .tinyAutoencoder:
            return Network(fields: try AutoencoderShapes.tinyConfiguration(file), weights: file)
        case .model(let family):
            let prefixes = OriginalAutoencoder.prefixes.filter { prefix in
                file.tensors.keys.contains { $0.hasPrefix(prefix) }
            }
            return try autoencoder(
                file, below: prefixes, scalingFactor: scalingFactor ?? family.scalingFactor, sampleSize: nil)
        case let other: throw other.refusal(of: file.name, expected: "an autoencoder")
        }
    }

    private static func autoencoder(
        _ file: CheckpointWeights, below prefixes: [String], scalingFactor: Double?, sampleSize: Int?
    ) throws -> Network {
        guard let prefix = prefixes.first, prefixes.count == 1 else {
            throw InputError(
                file.name, expected: "one autoencoder", found: prefixes.joined(separator: " and "), as: .checkpoint)
        }
        let weights = try OriginalAutoencoder(file, below: prefix).weights()
        let fields = try AutoencoderShapes.configuration(
            weights, scalingFactor: scalingFactor, sampleSize: sampleSize)
        return Network(fields: fields, weights: weights)
    }
}
