import Tensors

/// The pair of encoder and decoder of a latent diffusion model.
///
/// Latents are on the scale of the diffusion model: `scaling_factor` and `shift_factor` are applied inside.
public protocol Autoencoder: Sendable {
    /// Height and width of the images in pixels.
    var imageSize: (height: Int, width: Int) { get }
    /// The shape of one latent.
    var latentShape: LatentShape { get }

    /// E: the mode of the encoder's distribution.
    /// - Parameter images: `[B, 3, H, W]` in [-1, 1].
    /// - Returns: `[B, C, h, w]`.
    func encode(_ images: Tensor) throws -> Tensor

    /// D: images of latents.
    /// - Parameter latents: `[B, C, h, w]`.
    /// - Returns: `[B, 3, H, W]`, about [-1, 1], not clamped.
    func decode(_ latents: Tensor) throws -> Tensor
}
