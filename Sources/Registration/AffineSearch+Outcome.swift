import Foundation
import Tensors

extension AffineSearch {
    /// The best place of one key.
    public struct Sighting: Sendable {
        /// Where the generated frame lies.
        public let placement: Placement
        /// The cosine there.
        public let cosine: Double
        /// Which tier of the lattice it belongs to.
        public let tier: Int
        /// Whether it is a point of the fine lattice that the coarse one has not.
        public let isFine: Bool
    }

    /// What a search came to.
    public struct Outcome {
        /// For each key at most two places a tier: the best of the coarse lattice and the best of the fine one.
        public let sightings: [[Sighting]]
        let spectrum: OversampledSpectrum
        let search: AffineSearch

        /// F at the places that the key's frequencies went to, turned back by the shift: what a key is held against.
        /// Real and imaginary parts by channel, then by frequency.
        public func reading(at placement: Placement) -> [(real: Double, imaginary: Double)] {
            search.reading(spectrum, at: placement)
        }
    }

    /// As `Outcome.reading(at:)`, of a latent in which nothing was looked for.
    /// - Parameters:
    ///   - latent: `[1, C, h, w]`.
    ///   - placements: where to read.
    public func readings(
        in latent: Tensor, at placements: [Placement]
    ) -> [[(real: Double, imaginary: Double)]] {
        let spectrum = OversampledSpectrum(latent, channels: channels, transform: padded)
        return placements.map { reading(spectrum, at: $0) }
    }

    fileprivate func reading(_ spectrum: OversampledSpectrum, at placement: Placement) -> [(
        real: Double, imaginary: Double
    )] {
        var sampled = [SIMD8<Float>](repeating: .zero, count: frequencies.count * blocks)
        _ = sampled.withUnsafeMutableBufferPointer {
            spectrum.sample(frequencies, mappedBy: placement.map.ofFrequencies, into: $0)
        }
        let phases = frequencies.map { frequency -> (Double, Double) in
            let turns = Double(frequency.x) * placement.shift.x + Double(frequency.y) * placement.shift.y
            return (cos(2 * .pi * turns), sin(2 * .pi * turns))
        }
        return channels.indices.flatMap { channel in
            phases.enumerated().map { index, phase in
                let value = sampled[index * blocks + channel / 4]
                let (real, imaginary) = (Double(value[channel % 4]), Double(value[channel % 4 + 4]))
                return (real * phase.0 - imaginary * phase.1, real * phase.1 + imaginary * phase.0)
            }
        }
    }
}
