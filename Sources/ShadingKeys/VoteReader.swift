import Foundation
import Marks
import Statistics
import Tensors

/// Reads marks whose message is not known: the copies of a bit vote, and a mark's copies are of one mind. With V_j the votes
/// for bit j among R copies, T = Σ_j max(V_j, R - V_j) is how many elements agree with the message that was read. Over key
/// streams the votes are independent binomials whatever the latent is, so that T's distribution is known exactly.
public struct VoteReader: MarkReader {
    private let geometry: ShadingGeometry
    private let places: [Int]
    private let weights: SignWeights
    /// Of T less its least value.
    private let sum: LatticeSum
    /// The mean of T.
    private let mean: Double

    /// A reader for messages that are spread in one way.
    public init(_ geometry: ShadingGeometry) {
        self.geometry = geometry
        places = geometry.places
        weights = SignWeights(geometry.latentShape)
        let (copies, least) = (geometry.copyCount, (geometry.copyCount + 1) / 2)
        let chances = (least...copies).map { votes -> Double in
            let ways = lgamma(Double(copies) + 1) - lgamma(Double(votes) + 1) - lgamma(Double(copies - votes) + 1)
            return exp(ways - Double(copies) * log(2)) * (2 * votes == copies ? 1 : 2)
        }
        sum = LatticeSum([.init(probabilities: chances, count: geometry.messageLength)])
        mean =
            Double(geometry.messageLength)
            * zip(least...copies, chances).reduce(0) { $0 + Double($1.0) * $1.1 }
    }

    /// Elements of a latent.
    public var dimension: Int { geometry.latentShape.count }
    /// Of votes.
    public var statistic: String { "agreement of copies" }
    /// Numbers are signs.
    public var hasNormalKeys: Bool { false }

    /// Signed weights. The test counts their signs, the message is read by their weights too.
    public func read(_ noise: Tensor) throws -> [Double] { try weights.reading(noise) }

    /// T by its mean in noise and its largest value: 0 for noise on average, 1 for a mark without noise.
    public func agreement(_ reading: [Double], _ numbers: [Double]) -> Double {
        precondition(reading.count == numbers.count, "\(reading.count) signs and \(numbers.count)")
        var votes = [Int](repeating: 0, count: geometry.messageLength)
        for (index, place) in places.enumerated() where reading[index] * numbers[index] > 0 { votes[place] += 1 }
        let agreeing = votes.reduce(0) { $0 + max($1, geometry.copyCount - $1) }
        return (Double(agreeing) - mean) / (Double(dimension) - mean)
    }

    /// P(T ≥ t). Reversed signs are the same message reversed: T counts both, and two sides are no more than one.
    public func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        let agreeing = Int((agreement * (Double(dimension) - mean) + mean).rounded())
        return sum.logTail(from: agreeing - (geometry.copyCount + 1) / 2 * geometry.messageLength)
    }

    /// Noise leaves each sign with the chance ½ + atan(√SNR)/π of being right.
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        return logPValue(agreement: medianAgreement(signalToNoise), of: [], twoSided: false) / log(10)
    }

    private func medianAgreement(_ signalToNoise: Double) -> Double {
        let copies = geometry.copyCount
        let right = 0.5 + atan(signalToNoise.squareRoot()) / .pi
        let expected = (0...copies).reduce(0.0) { total, votes in
            let ways = lgamma(Double(copies) + 1) - lgamma(Double(votes) + 1) - lgamma(Double(copies - votes) + 1)
            let chance = exp(ways + Double(votes) * log(right) + Double(copies - votes) * log(max(1 - right, 1e-300)))
            return total + chance * Double(max(votes, copies - votes))
        }
        return (expected * Double(geometry.messageLength) - mean) / (Double(dimension) - mean)
    }

    /// By bisection.
    public func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        guard agreement > 0 else { return 0 }
        var (low, high) = (-12.0, 12.0)
        while high - low > 1e-6 {
            let middle = (low + high) / 2
            if medianAgreement(exp(middle)) < agreement { low = middle } else { high = middle }
        }
        return low == -12 ? 0 : exp(low)
    }

    /// As `ShadingKey.assumedSignalToNoise`.
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double {
        ShadingKey.assumedSignalToNoise(diffusionSteps: diffusionSteps)
    }

    /// The message as it was read.
    public func payload(_ reading: [Double], of key: any MarkKey) -> MarkPayload? {
        (key as? ShadingKey).map { MessageReading(reading, $0).payload }
    }
}
