import Diffusion
import Tensors

/// An autoencoder whose latents are the pixels: what is put into the noise is what is recovered.
struct IdentityAutoencoder: Autoencoder {
    var imageSize: (height: Int, width: Int) { (32, 32) }
    var latentShape: LatentShape { LatentShape(channels: 3, height: 32, width: 32) }
    func encode(_ images: Tensor) throws -> Tensor { images }
    func decode(_ latents: Tensor) throws -> Tensor { latents }
}

/// An encoder that is broken.
struct BrokenAutoencoder: Autoencoder {
    var imageSize: (height: Int, width: Int) { (32, 32) }
    var latentShape: LatentShape { LatentShape(channels: 3, height: 32, width: 32) }
    func encode(_ images: Tensor) throws -> Tensor { images.mapped { _ in .nan } }
    func decode(_ latents: Tensor) throws -> Tensor { latents }
}

/// A model that sees no noise anywhere: DDIM only scales.
struct SilentPredictor: NoisePredictor {
    var predictionType: PredictionType { .epsilon }
    var latentShape: LatentShape { LatentShape(channels: 3, height: 32, width: 32) }
    func predict(_ latents: Tensor, timestep: Double, conditioning: Tensor?) throws -> Tensor {
        Tensor(zeros: latents.shape)
    }
}
