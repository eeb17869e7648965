import Tensors

extension PlaneTransform {
    /// The transformed planes of some channels of a latent, in the channels' order.
    /// - Parameters:
    ///   - latent: `[1, C, h, w]` of the transform's height and width.
    ///   - channels: nil for all.
    public func spectra(of latent: Tensor, channels: [Int]? = nil) -> [ComplexPlane] {
        precondition(
            latent.shape.count == 4 && latent.batch == 1 && Array(latent.shape[2...]) == [height, width],
            "a latent of \(latent.shape) in a transform of \(height)×\(width)")
        let count = height * width
        return latent.withUnsafeBufferPointer { elements in
            (channels ?? Array(0..<latent.shape[1])).map { channel in
                let plane = ComplexPlane(height: height, width: width)
                plane.fill(UnsafeBufferPointer(rebasing: elements[channel * count..<(channel + 1) * count]))
                forward(plane)
                return plane
            }
        }
    }

    /// Replaces coefficients of channels' spectra and keeps the real part of the inverse transform, in every item of a batch.
    /// - Parameters:
    ///   - targets: by channel, coefficients by their indices in the unshifted spectrum.
    ///   - latents: `[B, C, h, w]`.
    public func replace(
        _ targets: [(channel: Int, coefficients: [(index: Int, real: Double, imaginary: Double)])],
        in latents: inout Tensor
    ) {
        let (count, channels, batch) = (height * width, latents.shape[1], latents.batch)
        precondition(
            latents.shape.count == 4 && Array(latents.shape[2...]) == [height, width],
            "latents of \(latents.shape) in a transform of \(height)×\(width)")
        let plane = ComplexPlane(height: height, width: width)
        latents.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                for (channel, coefficients) in targets {
                    let start = (item * channels + channel) * count
                    plane.fill(UnsafeBufferPointer(rebasing: elements[start..<start + count]))
                    forward(plane)
                    for entry in coefficients { plane[entry.index] = (Float(entry.real), Float(entry.imaginary)) }
                    inverse(plane)
                    for place in 0..<count { elements[start + place] = plane[place].real }
                }
            }
        }
    }

    /// A latent without some cells of its channels' spectra.
    /// - Parameters:
    ///   - latent: `[1, C, h, w]`.
    ///   - cells: by channel, indices of the unshifted spectrum, k and -k both.
    public func latent(_ latent: Tensor, without cells: [Int: Set<Int>]) -> Tensor {
        var result = latent
        let count = height * width
        for (channel, indices) in cells {
            let plane = spectra(of: latent, channels: [channel])[0]
            for index in indices { plane[index] = (0, 0) }
            inverse(plane)
            result.withUnsafeMutableBufferPointer { elements in
                for place in 0..<count { elements[channel * count + place] = plane[place].real }
            }
        }
        return result
    }
}
