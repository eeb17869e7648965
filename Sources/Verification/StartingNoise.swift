import Foundation
import Marks
import Statistics
import Tensors
import Verdicts

/// Noise that somebody kept of an image that they made: z_T, with its mark.
public struct StartingNoise: Sendable {
    /// The file.
    public let name: String
    /// `[1, C, h, w]`.
    public let noise: Tensor

    /// Noise of a file.
    public init(name: String, noise: Tensor) {
        self.name = name
        self.noise = noise
    }

    /// Above this p-value a found key's image did not start from the noise.
    static let disagreement = 1e-3

    /// The noise that agrees best with what was recovered, both without the directions of a family's numbers. Noise that was
    /// drawn from a generator is isotropic there, so that `CosineTest` is exact; key and mark take no part.
    /// - Parameters:
    ///   - noises: that were kept.
    ///   - recovered: `[1, C, h, w]`.
    ///   - keys: what is looked for.
    ///   - key: the place of the key whose family's numbers are left out.
    /// - Returns: nil without any noise, and for a family that uses all of it.
    static func best(
        of noises: [StartingNoise], for recovered: Tensor, keys: KeySet, besides key: Int
    ) -> Verdict.StartingNoise? {
        guard !noises.isEmpty, let own = keys.free(recovered, besides: key, isEvened: true) else { return nil }
        let measured = own.values.elements.map(Double.init)
        let scored = noises.compactMap { kept -> (name: String, cosine: Double)? in
            keys.free(kept.noise, besides: key, isEvened: false).map {
                (kept.name, cosine(measured, $0.values.elements.map(Double.init)))
            }
        }
        guard let best = scored.max(by: { $0.cosine < $1.cosine }), best.cosine.isFinite else { return nil }
        let log10P = CosineTest.logPValue(cosine: best.cosine, dimension: own.dimension) / log(10)
        let corrected = max(min(0, log10P + log10(Double(noises.count))), Verdict.log10PRange.lowerBound)
        return Verdict.StartingNoise(
            file: best.name, cosine: best.cosine, pValue: pow(10, corrected), log10P: corrected,
            dimension: own.dimension, tried: noises.count)
    }
}
