import Images
import InputErrors
import Models
import Pictures
import Tensors

/// Keeps the background of an original in an edited picture: outside a mask the edited trajectory goes on from where the
/// original's trajectory is after the same step (Hong et al. 2024, arXiv 2409.18442, fig. 4, after step 35 of 50).
public struct BackgroundBlend: Sendable {
    /// The original's clean latent, `[1, C, h, w]`.
    let original: Tensor
    /// After which step; nil for 7 of 10.
    let step: Int?
    /// The share of the edit, the same in all channels, `[1, C, h, w]` from 0 to 1.
    private let edited: Tensor

    /// - Parameters:
    ///   - original: an .npy file of the original's clean latent.
    ///   - mask: an image that lies over the original: white where it may change, black where it is to stay.
    ///   - step: after which the background is put back, at least 1; nil for 7 of 10.
    ///   - model: whose latents these are.
    /// - Throws: `InputError` for files that cannot be read, a mask of other proportions, or a latent of another shape.
    public init(original: String, mask: String, step: Int?, model: any DiffusionModel) throws {
        let shape = model.latentShape
        let (image, size) = (try ImageFile.read(mask), model.imageSize)
        guard image.width * size.height == image.height * size.width else {
            throw InputError(
                mask, expected: "a mask in the proportions of the original, \(size.width)×\(size.height)",
                found: "\(image.width)×\(image.height)", as: .invalidSetting)
        }
        let picture = ImagePreprocessing.fit(image, size: size)
        let small = Resampling.resize(picture, width: shape.width, height: shape.height)
        let shares = stride(from: 0, to: small.pixels.count, by: 3).map { at in
            Float(small.pixels[at..<at + 3].reduce(0) { $0 + Int($1) }) / (3 * 255)
        }
        self.original = try LatentFile.read(original, shape: shape)
        self.step = step
        edited = Tensor((0..<shape.channels).flatMap { _ in shares }, shape: shape.tensorShape())
    }

    /// The edit inside the mask, the original outside, both at one noise level and `[1, C, h, w]`.
    func blended(_ edit: Tensor, _ original: Tensor) -> Tensor {
        Tensor(shape: edit.shape) { target in
            edit.withUnsafeBufferPointer { edit in
                original.withUnsafeBufferPointer { original in
                    edited.withUnsafeBufferPointer { share in
                        for i in edit.indices {
                            target.initializeElement(
                                at: i, to: share[i] * edit[i] + (1 - share[i]) * original[i])
                        }
                    }
                }
            }
        }
    }
}
