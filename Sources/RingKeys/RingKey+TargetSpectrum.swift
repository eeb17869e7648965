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
        geometry.channels.enumerated().flatMap { position, channel in
            let own = numbers[position * map.count..<(position + 1) * map.count]
            return map.spectrum(of: own, planeCount: geometry.latentShape.planeCount).map {
                TargetCoefficient(channel: channel, index: $0.index, real: $0.real, imaginary: $0.imaginary)
            }
        }
    }
}
