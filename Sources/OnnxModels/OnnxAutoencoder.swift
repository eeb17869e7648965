import Diffusion
import Tensors

/// The autoencoder's two graphs. The encoder may return 2C moments, of which the first half is the mode, or C latents, as
/// older exports do.
struct OnnxAutoencoder: Autoencoder {
    let model: OnnxModel

    var imageSize: (height: Int, width: Int) { model.folder.imageSize }
    var latentShape: LatentShape { model.folder.latentShape }

    func encode(_ images: Tensor) throws -> Tensor {
        let (height, width) = imageSize
        precondition(
            Array(images.shape.dropFirst()) == [3, height, width],
            "\(images.shape) is no batch of \(height)×\(width) images")
        let session = try model.session(.vaeEncoder)
        let input = try Session.port(
            ["sample", "pixel_values"], among: session.inputs, path: session.path, kind: "input")
        let output = try Session.port(
            ["latent_parameters", "latent_sample", "latent"], among: session.outputs, path: session.path, kind: "output"
        )
        let isMoments = output.name == "latent_parameters" || output.shape.dropFirst().first == 2 * latentShape.channels
        let channels = latentShape.channels * (isMoments ? 2 : 1)
        return try eachItem(of: images, session: session, input: input) { images in
            let shape = [images.batch, channels, latentShape.height, latentShape.width]
            let moments = try session.run([(input, .floats(images))], output: output, shape: shape)
            return scaled(moments, channels: channels)
        }
    }

    func decode(_ latents: Tensor) throws -> Tensor {
        precondition(
            Array(latents.shape.dropFirst()) == Array(latentShape.tensorShape().dropFirst()),
            "\(latents.shape) is no batch of \(latentShape) latents")
        let session = try model.session(.vaeDecoder)
        let input = try Session.port(
            ["latent_sample", "latent", "sample"], among: session.inputs, path: session.path, kind: "input")
        let output = try Session.port(["sample", "image"], among: session.outputs, path: session.path, kind: "output")
        let (scale, shift) = (model.folder.scalingFactor, model.folder.shiftFactor)
        return try eachItem(of: latents, session: session, input: input) { latents in
            let unscaled = latents.mapped { Float(Double($0) / scale + shift) }
            return try session.run(
                [(input, .floats(unscaled))], output: output,
                shape: [latents.batch, 3, imageSize.height, imageSize.width])
        }
    }

    /// The first `latentShape.channels` channels, shifted and scaled.
    private func scaled(_ moments: Tensor, channels: Int) -> Tensor {
        let (scale, shift) = (model.folder.scalingFactor, model.folder.shiftFactor)
        let (kept, stored) = (latentShape.count, channels * latentShape.planeCount)
        return Tensor(shape: latentShape.tensorShape(batch: moments.batch)) { target in
            moments.withUnsafeBufferPointer { source in
                for item in 0..<moments.batch {
                    for i in 0..<kept {
                        let value = (Double(source[item * stored + i]) - shift) * scale
                        target.initializeElement(at: item * kept + i, to: Float(value))
                    }
                }
            }
        }
    }
}

/// Runs a batch at once, or item by item where the graph's batch axis is fixed.
func eachItem(
    of batch: Tensor, session: Session, input: Session.Port, run: (Tensor) throws -> Tensor
) throws -> Tensor {
    if input.shape.first == 1, batch.batch > 1 {
        return .concatenating(try (0..<batch.batch).map { try run(batch.item($0)) })
    }
    return try run(batch)
}
