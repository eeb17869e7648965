import Pictures

/// A generative model at work on pictures: what `vae`, `regenerate` and `copy` need. This module knows no model; what opens one
/// conforms to this.
public protocol Redrawer: Sendable {
    /// The image encoded and decoded by the model's autoencoder.
    /// - Parameter image: of any size, with at least one pixel.
    /// - Returns: an image of the same size.
    func reconstruct(_ image: RGBImage) throws -> RGBImage

    /// The image encoded, mixed with noise, denoised by the model and decoded.
    /// - Parameters:
    ///   - image: of any size, with at least one pixel.
    ///   - timestep: of 1,000 of the model's noise schedule: how much noise.
    ///   - seed: of the noise.
    /// - Returns: an image of the same size.
    func regenerate(_ image: RGBImage, timestep: Double, seed: UInt64) throws -> RGBImage

    /// Another picture from the image's own noise: the image is taken back to noise and generated anew for another prompt.
    /// - Parameters:
    ///   - image: of any size, with at least one pixel.
    ///   - seed: chooses the prompt.
    /// - Returns: an image of the same size.
    func copyNoise(of image: RGBImage, seed: UInt64) throws -> RGBImage
}
