import Spectra
import Tensors

extension RingKey {
    /// Marks initial noise: replaces the key's coefficients of the spectrum and keeps the real part, for every item of
    /// the batch. The spectrum of a native key is Hermitian and the real part all there is; of the reference package's
    /// keys it is about half of the energy, as in the package itself.
    /// - Parameter noise: `[B, C, h, w]`.
    public func embed(into noise: inout Tensor) {
        let shape = geometry.latentShape
        precondition(
            Array(noise.shape.dropFirst()) == Array(shape.tensorShape().dropFirst()) && noise.shape.count == 4,
            "a key for \(shape) in noise of \(noise.shape)")
        let targets = Dictionary(grouping: targetSpectrum(), by: \.channel).sorted { $0.key < $1.key }
        PlaneTransform(height: shape.height, width: shape.width).replace(
            targets.map { ($0.key, $0.value.map { ($0.index, $0.real, $0.imaginary) }) }, in: &noise)
    }
}
