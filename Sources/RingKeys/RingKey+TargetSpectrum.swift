import Foundation

extension RingKey {
    /// One coefficient that marking puts into the spectrum.
    struct TargetCoefficient {
        let channel: Int
        /// Unshifted.
        let index: Int
        let real: Double
        let imaginary: Double
    }

    /// K: the coefficients that marking puts into the spectrum, before any real part is taken. By channel; of native keys
    /// by ascending index, of reference keys by rows of the shifted spectrum.
    /// - Parameter map: of the key's geometry, where it is at hand.
    func targetSpectrum(_ map: SpectralMap? = nil) -> [TargetCoefficient] {
        switch material {
        case .values(let values):
            let indices = ReferenceMask(geometry).indices
            return zip(geometry.channels.flatMap { channel in indices.map { (channel, $0) } }, values).map {
                TargetCoefficient(
                    channel: $0.0, index: $0.1, real: Double($1.real), imaginary: Double($1.imaginary))
            }
        case .secret:
            return targetSpectrum(of: numbers, map ?? SpectralMap(geometry))
        }
    }

    private func targetSpectrum(of numbers: [Double], _ map: SpectralMap) -> [TargetCoefficient] {
        let count = geometry.latentShape.planeCount
        let scale = Double(count).squareRoot()
        let indices = Set(map.weights.map(\.index)).sorted()
        return geometry.channels.enumerated().flatMap { position, channel in
            var sums = [(real: Double, imaginary: Double)](repeating: (0, 0), count: count)
            for weight in map.weights {
                let number = numbers[position * map.count + weight.number] * scale
                sums[weight.index].real += number * weight.real
                sums[weight.index].imaginary += number * weight.imaginary
            }
            return indices.map {
                TargetCoefficient(channel: channel, index: $0, real: sums[$0].real, imaginary: sums[$0].imaginary)
            }
        }
    }
}
