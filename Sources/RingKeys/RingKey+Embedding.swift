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
        let transform = PlaneTransform(height: shape.height, width: shape.width)
        let plane = ComplexPlane(height: shape.height, width: shape.width)
        let coefficients = Dictionary(grouping: targetSpectrum(), by: \.channel)
        let batch = noise.batch
        noise.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                for (channel, target) in coefficients {
                    let start = item * shape.count + channel * shape.planeCount
                    plane.fill(UnsafeBufferPointer(rebasing: elements[start..<start + shape.planeCount]))
                    transform.forward(plane)
                    for entry in target { plane[entry.index] = (Float(entry.real), Float(entry.imaginary)) }
                    transform.inverse(plane)
                    for i in 0..<shape.planeCount { elements[start + i] = plane[i].real }
                }
            }
        }
    }
}
