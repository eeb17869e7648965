import Foundation
import Marks
import Statistics
import Tensors

/// Reads marks whose message is known: every element's sign is known beforehand, and their weighted agreement has an exact
/// distribution over key streams (`WeightedSignTest`). The plain share of agreeing signs, which is the published figure, throws
/// away that small elements are less sure: a third of the evidence.
public struct SignReader: MarkReader {
    private let latentShape: LatentShape
    private let weights: SignWeights

    /// A reader for latents of one shape.
    public init(_ latentShape: LatentShape) {
        self.latentShape = latentShape
        weights = SignWeights(latentShape)
    }

    /// Elements of a latent.
    public var dimension: Int { latentShape.count }
    /// Of signs.
    public var statistic: String { "weighted agreement of signs" }
    /// Numbers are signs.
    public var hasNormalKeys: Bool { false }

    /// Signed weights.
    public func read(_ noise: Tensor) throws -> [Double] { try weights.reading(noise) }

    /// Σ wᵢxᵢ / Σ wᵢ, xᵢ = ±1 where the sign is the key's or is not.
    public func agreement(_ reading: [Double], _ numbers: [Double]) -> Double {
        precondition(reading.count == numbers.count, "\(reading.count) signs and \(numbers.count)")
        var (sum, total) = (0.0, 0.0)
        for (weight, sign) in zip(reading, numbers) {
            sum += weight * sign
            total += abs(weight)
        }
        return sum / total
    }

    /// `WeightedSignTest`.
    public func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        let test = WeightedSignTest(weights: reading)
        return test.logPValue(sum: Int((agreement * Double(test.total)).rounded()), twoSided: twoSided)
    }

    /// Of s|x| + ε, x normal and ε of power 1/SNR: with weights |z| the agreement is √(SNR / (1 + SNR)).
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        let agreement = (signalToNoise / (1 + signalToNoise)).squareRoot()
        let usual = WeightedSignTest(counts: Self.usualCounts(dimension))
        return usual.logPValue(sum: Int((agreement * Double(usual.total)).rounded())) / log(10)
    }

    /// How often each weight occurs in white noise.
    private static func usualCounts(_ count: Int) -> [Int] {
        func above(_ level: Double) -> Double { erfc(level / SignWeights.unit / 2.0.squareRoot()) }
        let shares = (0...SignWeights.largest).map { weight -> Double in
            switch weight {
            case 0: 0
            case 1: 1 - above(1.5)
            case SignWeights.largest: above(Double(weight) - 0.5)
            default: above(Double(weight) - 0.5) - above(Double(weight) + 0.5)
            }
        }
        return shares.map { Int((Double(count) * $0).rounded()) }
    }

    /// c² / (1 - c²).
    public func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        guard agreement > 0 else { return 0 }
        let square = min(agreement * agreement, 1 - 1e-4)
        return square / (1 - square)
    }

    /// As `ShadingKey.assumedSignalToNoise`.
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double {
        ShadingKey.assumedSignalToNoise(diffusionSteps: diffusionSteps)
    }

    /// The message as it was read, and whether it is the key's.
    public func payload(_ reading: [Double], of key: any MarkKey) -> MarkPayload? {
        (key as? ShadingKey).map { MessageReading(reading, $0).payload }
    }

    /// Another message that is a million times likelier than the key's.
    public func otherMessage(_ reading: [Double], of key: any MarkKey) -> MarkPayload? {
        guard let key = key as? ShadingKey, key.message != nil else { return nil }
        let read = MessageReading(reading, key)
        return read.oddsAgainstKey >= MessageReading.certainty ? read.payload : nil
    }
}

extension ShadingKey {
    /// Half of what sixteen marked images of the sample model have at least as JPEG of quality 50
    /// (docs/schemes/gaussian-shading.md).
    static func assumedSignalToNoise(diffusionSteps: Int) -> Double { diffusionSteps == 0 ? 0.055 : 0.07 }
}
