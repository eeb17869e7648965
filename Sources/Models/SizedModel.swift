import InputErrors
import NoiseSchedules
import Tensors

extension DiffusionModel {
    /// The model at work on latents of another height and width than it was trained on, and on images to match. Networks
    /// without an extent of their own run at any size; others refuse it when they are given something.
    /// - Parameters:
    ///   - shape: of the latents.
    ///   - subject: what has that size, for errors.
    /// - Throws: `InputError` for another number of channels, and for more than four times the height or width.
    public func sized(_ shape: LatentShape, for subject: String = "latents") throws -> any DiffusionModel {
        guard shape != latentShape else { return self }
        guard shape.channels == latentShape.channels else {
            throw InputError(
                subject, expected: "latents of \(latentShape.channels) channels, as the model has", found: "\(shape)",
                as: .keyMismatch)
        }
        let most = (height: Self.largestGrowth * latentShape.height, width: Self.largestGrowth * latentShape.width)
        guard shape.height <= most.height, shape.width <= most.width else {
            throw InputError(
                subject,
                expected: "latents of at most \(most.height)x\(most.width), four times what the model was made for",
                found: "\(shape)", as: .keyMismatch)
        }
        return SizedModel(model: self, latentShape: shape)
    }

    /// Networks lose their sense of a picture's whole long before, and attention takes the square of the size.
    private static var largestGrowth: Int { 4 }

    /// Pixels along one side of a latent element.
    public var scale: (height: Int, width: Int) {
        (imageSize.height / latentShape.height, imageSize.width / latentShape.width)
    }
}

/// A model whose parts say another size.
private struct SizedModel: DiffusionModel {
    let model: any DiffusionModel
    let latentShape: LatentShape

    var name: String { model.name }
    var path: String { model.path }
    var imageSize: (height: Int, width: Int) {
        (latentShape.height * model.scale.height, latentShape.width * model.scale.width)
    }
    var autoencoder: (any Autoencoder)? {
        model.autoencoder.map { SizedAutoencoder(autoencoder: $0, latentShape: latentShape, imageSize: imageSize) }
    }
    var noisePredictor: (any NoisePredictor)? {
        model.noisePredictor.map { SizedNoisePredictor(predictor: $0, latentShape: latentShape) }
    }
    var textEncoder: (any TextEncoder)? { model.textEncoder }
    var precision: Precision { model.precision }

    func scheduler() throws -> SchedulerConfiguration { try model.scheduler() }
    func digest() throws -> String { try model.digest() }
    func load(_ parts: [ModelPart]) throws { try model.load(parts) }
    func summary() throws -> ModelSummary { try model.summary() }
}

private struct SizedAutoencoder: Autoencoder {
    let autoencoder: any Autoencoder
    let latentShape: LatentShape
    let imageSize: (height: Int, width: Int)

    func encode(_ images: Tensor) throws -> Tensor { try autoencoder.encode(images) }
    func decode(_ latents: Tensor) throws -> Tensor { try autoencoder.decode(latents) }
}

private struct SizedNoisePredictor: NoisePredictor {
    let predictor: any NoisePredictor
    let latentShape: LatentShape

    var predictionType: PredictionType { predictor.predictionType }
    var embedsGuidance: Bool { predictor.embedsGuidance }

    func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
        try predictor.predict(latents, timestep: timestep, conditioning: conditioning)
    }
}
