import Spectra
import Tensors

extension RingIDKey {
    /// P inside the mask, by channel.
    func target(_ maps: RingIDMaps) -> [(channel: Int, coefficients: [(index: Int, real: Double, imaginary: Double)])] {
        let mask = Set(maps.mask)
        let (levels, noise) = parts(noiseCount: maps.noise.pattern.count * geometry.noiseChannels.count)
        let ringNumbers = levels.map(geometry.number(ofLevel:))
        func part(
            _ channels: [Int], _ numbers: [Double], _ pair: RingIDMaps.Pair
        ) -> [(Int, [(index: Int, real: Double, imaginary: Double)])] {
            let count = pair.pattern.count
            return channels.enumerated().map { place, channel in
                let own = numbers[place * count..<(place + 1) * count]
                let spectrum = pair.pattern.spectrum(of: own, planeCount: geometry.latentShape.planeCount)
                return (channel, spectrum.filter { mask.contains($0.index) })
            }
        }
        return part(geometry.ringChannels, ringNumbers, maps.rings)
            + part(geometry.noiseChannels, noise, maps.noise)
    }

    /// Marks initial noise as the reference does: the pattern's coefficients inside the mask, and the real part of the inverse
    /// transform.
    /// - Parameter noise: `[B, C, h, w]`.
    public func embed(into noise: inout Tensor) {
        let shape = geometry.latentShape
        precondition(noise.shape == shape.tensorShape(batch: noise.batch), "a key for \(shape) in \(noise.shape)")
        PlaneTransform(height: shape.height, width: shape.width).replace(target(RingIDMaps.of(geometry)), in: &noise)
    }
}
