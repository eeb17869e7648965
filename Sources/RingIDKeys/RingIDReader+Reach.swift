import Foundation
import RandomNumbers
import Statistics

extension RingIDReader {
    private static let draws = 61
    private static let ratios = 1e-4...1e4

    /// A key's own mark in seeded draws of white noise of any strength.
    private struct Draws {
        let mark: [Double]
        let noises: [[Double]]
        let ringCount: Int

        /// Readings at a ratio of mark to noise above 0.
        func readings(_ ratio: Double) -> [[Double]] {
            let amplitude = 1 / ratio.squareRoot()
            return noises.map { noise in
                let sum = zip(mark, noise).map { $0 + amplitude * $1 }
                return RingIDReader.wholeMultiples(Array(sum[..<ringCount])) + sum[ringCount...]
            }
        }
    }

    private func draws(_ numbers: [Double]) -> Draws {
        precondition(numbers.count == dimension, "\(numbers.count) numbers for \(dimension)")
        var normals = NormalStream(seed: 0x5EED)
        return Draws(
            mark: rings.reading(ofMark: numbers[..<rings.count]) + noise.reading(ofMark: numbers[rings.count...]),
            noises: (0..<Self.draws).map { _ in
                rings.reading(ofWhiteNoise: &normals) + noise.reading(ofWhiteNoise: &normals)
            }, ringCount: rings.count)
    }

    /// Of the key's mark in seeded white noise.
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        guard signalToNoise > 0 else { return log10(0.5) }
        let values = draws(numbers).readings(signalToNoise).map {
            logPValue(agreement: agreement($0, numbers), of: $0, twoSided: false)
        }
        return values.sorted()[Self.draws / 2] / log(10)
    }

    /// By bisection of the logarithm; 0 for an agreement that noise alone has.
    public func signalToNoise(of numbers: [Double], agreement wanted: Double) -> Double {
        let draws = draws(numbers)
        func median(_ ratio: Double) -> Double {
            draws.readings(ratio).map { agreement($0, numbers) }.sorted()[Self.draws / 2]
        }
        if wanted <= median(Self.ratios.lowerBound) { return 0 }
        var (lower, upper) = (log(Self.ratios.lowerBound), log(Self.ratios.upperBound))
        while upper - lower > 1e-4 {
            let middle = (lower + upper) / 2
            if median(exp(middle)) < wanted { lower = middle } else { upper = middle }
        }
        return exp(lower)
    }

    /// What 19 of 20 of the sample model's marked images have as JPEG of quality 50 (docs/schemes/ringid.md).
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double { diffusionSteps == 0 ? 0.033 : 0.048 }
}
