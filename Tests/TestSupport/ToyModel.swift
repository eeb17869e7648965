import Foundation
import InputErrors
import Models
import NoiseSchedules
import Tensors

/// A model in memory: latents are the pixels, and no noise is seen anywhere, so that DDIM only scales. What is put into the
/// noise is what is recovered.
package struct ToyModel: DiffusionModel {
    package let name = "toy"
    package let path: String
    package let latentShape: LatentShape
    package var imageSize: (height: Int, width: Int) { (latentShape.height, latentShape.width) }
    package var autoencoder: (any Autoencoder)?
    package var noisePredictor: (any NoisePredictor)?
    package var textEncoder: (any TextEncoder)?

    /// A model with an autoencoder and a predictor, and without a text encoder.
    package init(path: String = "-", latentShape: LatentShape = LatentShape(channels: 3, height: 32, width: 32)) {
        self.path = path
        self.latentShape = latentShape
        autoencoder = IdentityAutoencoder(latentShape: latentShape)
        noisePredictor = SilentPredictor(latentShape: latentShape)
    }

    package func scheduler() throws -> SchedulerConfiguration {
        let json = """
            {"_class_name": "DDIMScheduler", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
             "num_train_timesteps": 1000, "steps_offset": 1, "set_alpha_to_one": false, "clip_sample": false}
            """
        return try SchedulerConfiguration(data: Data(json.utf8), named: "toy")
    }

    package func digest() throws -> String { String(repeating: "0", count: 64) }
    package func load(_ parts: [ModelPart]) throws {}
    package func summary() throws -> ModelSummary {
        ModelSummary(
            name: name, path: path, pipeline: nil, scheduler: "DDIMScheduler", predictionType: .epsilon,
            latentShape: "\(latentShape)", imageHeight: imageSize.height, imageWidth: imageSize.width,
            scalingFactor: 1, shiftFactor: 0, digest: try digest(), graphs: [])
    }
}

/// A backend of toy models, at paths that begin with `toy:`.
package struct ToyBackend: ModelBackend {
    package let name = "toy"
    package init() {}
    package func recognises(_ path: String) -> Bool { path.hasPrefix("toy:") }
    package func open(_ path: String) throws -> any DiffusionModel {
        guard path != "toy:broken" else {
            throw InputError(path, expected: "a toy that works", found: "a broken one", as: .notAModel)
        }
        return ToyModel(path: path)
    }
}

/// An autoencoder whose latents are the pixels.
package struct IdentityAutoencoder: Autoencoder {
    package let latentShape: LatentShape
    package var imageSize: (height: Int, width: Int) { (latentShape.height, latentShape.width) }

    package init(latentShape: LatentShape) { self.latentShape = latentShape }
    package func encode(_ images: Tensor) throws -> Tensor { images }
    package func decode(_ latents: Tensor) throws -> Tensor { latents }
}

/// An encoder that is broken.
package struct BrokenAutoencoder: Autoencoder {
    package let latentShape: LatentShape
    package var imageSize: (height: Int, width: Int) { (latentShape.height, latentShape.width) }

    package init(latentShape: LatentShape) { self.latentShape = latentShape }
    package func encode(_ images: Tensor) throws -> Tensor { images.mapped { _ in .nan } }
    package func decode(_ latents: Tensor) throws -> Tensor { latents }
}

/// A predictor that sees no noise anywhere.
package struct SilentPredictor: NoisePredictor {
    package let latentShape: LatentShape
    package var predictionType: PredictionType { .epsilon }

    package init(latentShape: LatentShape) { self.latentShape = latentShape }
    package func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
        Tensor(zeros: latents.shape)
    }
}
