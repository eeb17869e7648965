import Foundation
import Spectra
import Tensors

/// What the recovered noise of unmarked images has in common: learnt from such images, applied before a key is looked for.
///
/// A recovered latent z becomes
///
///     y = F⁻¹ L F (z - m),    z' = y - Σⱼ (1 - gⱼ) ⟨uⱼ, y⟩ uⱼ
///
/// with m the mean latent, L a Hermitian C × C matrix at each frequency that evens out channels and frequencies, and uⱼ the
/// directions along which the evened latents still vary together. No key takes part in it, so that the p-value of
/// `CosineTest` stays exact with any null model, whatever it was learnt from.
public struct NullModel: Sendable {
    /// m, `[1, C, h, w]`.
    package let mean: Tensor
    /// L at each frequency, `[C, C, h, w]`, unshifted, as `HermitianPacking` has it.
    package let whitening: Tensor
    /// u, `[r, C, h, w]`, orthonormal; nil where r is 0.
    let directions: Tensor?
    /// g, in [0, 1]: what is left of each direction.
    package let gains: [Double]
    private let transform: PlaneTransform

    init(mean: Tensor, whitening: Tensor, directions: Tensor?, gains: [Double]) {
        precondition(
            whitening.shape == [mean.shape[1]] + mean.shape.dropFirst(),
            "a whitening of \(whitening.shape) for a mean of \(mean.shape)")
        precondition(
            (directions?.batch ?? 0) == gains.count, "\(directions?.batch ?? 0) directions and \(gains.count) gains")
        self.mean = mean
        self.whitening = whitening
        self.directions = directions
        self.gains = gains
        transform = PlaneTransform(height: mean.shape[2], width: mean.shape[3])
    }

    /// The latents that it is for.
    public var latentShape: LatentShape {
        LatentShape(channels: mean.shape[1], height: mean.shape[2], width: mean.shape[3])
    }

    /// z': a recovered latent with what unmarked latents have in common taken out.
    /// - Parameter latent: `[1, C, h, w]`.
    public func filtered(_ latent: Tensor) -> Tensor {
        precondition(latent.shape == mean.shape, "a null for \(mean.shape) on a latent of \(latent.shape)")
        let whitened = self.whitened(latent)
        guard let directions else { return whitened }
        let terms = gains.indices.map { index -> (Double, Tensor) in
            let direction = directions.item(index)
            return ((gains[index] - 1) * direction.dot(whitened), direction)
        }
        return .combination([(1, whitened)] + terms)
    }

    /// y.
    func whitened(_ latent: Tensor) -> Tensor {
        let shape = latentShape
        let count = shape.planeCount
        let packing = HermitianPacking(channels: shape.channels, count: count)
        let planes = transform.spectra(of: latent - mean)
        let result = ComplexPlane(height: shape.height, width: shape.width)
        return Tensor(shape: mean.shape) { target in
            whitening.withUnsafeBufferPointer { matrix in
                for a in 0..<shape.channels {
                    for k in 0..<count {
                        var (real, imaginary): (Float, Float) = (0, 0)
                        for b in 0..<shape.channels {
                            let (re, im) = packing.element(a, b, k, of: matrix)
                            let value = planes[b][k]
                            real += re * value.real - im * value.imaginary
                            imaginary += re * value.imaginary + im * value.real
                        }
                        result[k] = (real, imaginary)
                    }
                    transform.inverse(result)
                    for k in 0..<count { target.initializeElement(at: a * count + k, to: result[k].real) }
                }
            }
        }
    }
}
