import Foundation
import RandomNumbers
import Statistics

extension RingReader {
    /// log₁₀ of the median p-value of this very key's mark with white noise added: S = Gκ + ε, ε of covariance G/SNR. From
    /// seeded draws of the noise, fewer for keys of many numbers, whose p-values differ little.
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        guard signalToNoise > 0 else { return log10(0.5) }
        return CosineTest.logPValue(
            cosine: NoisyAgreement(of: numbers, self).medianCosine(signalToNoise), dimension: dimension) / log(10)
    }

    /// The signal-to-noise ratio at which this key's mark has this cosine in the median; 0 for a cosine that noise alone
    /// has, at most `NoisyAgreement.ratios.upperBound`.
    public func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        NoisyAgreement(of: numbers, self).signalToNoise(medianCosine: agreement)
    }

    /// What marked images of the sample model have at least as JPEG of quality 50 without a calibration, by the last default
    /// attempt, or where the clean latent is read (benchmarks/recovered_marks.sh, docs/science.md); of `ring` keys half of that,
    /// since images of strong guidance have less. A ring's mark comes back distorted rather than noisy, which costs more than
    /// white noise of the same power.
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double {
        let isClean = diffusionSteps == 0
        return switch geometry.pattern {
        case .ring: isClean ? 0.005 : 0.02
        case .treeRingRing: isClean ? 0.01 : 0.08
        case .spread, .treeRingRand, .treeRingZeros, .treeRingConst: isClean ? 0.04 : 0.25
        }
    }
}

/// The cosines of one key with readings of its own mark in white noise: seeded draws of the noise, of any strength.
struct NoisyAgreement {
    /// What ratios are looked for.
    static let ratios = 1e-4...1e4

    /// With m the reading of the mark alone, e that of noise at SNR 1: ⟨κ,m⟩, ‖κ‖ and ‖m‖².
    private let signal: (product: Double, norm: Double, square: Double)
    /// Of each draw ⟨κ,e⟩, ⟨m,e⟩ and ‖e‖².
    private let draws: [(product: Double, shared: Double, square: Double)]

    init(of numbers: [Double], _ reader: RingReader) {
        precondition(numbers.count == reader.dimension, "\(numbers.count) numbers for \(reader.dimension)")
        let count = max(51, min(501, 50_000 / reader.dimension)) | 1
        let mark = reader.reading(ofMark: numbers)
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        signal = (product(numbers, mark), product(numbers, numbers).squareRoot(), product(mark, mark))
        var normals = NormalStream(seed: 0x5EED)
        draws = (0..<count).map { _ in
            let noise = reader.reading(ofWhiteNoise: &normals)
            return (product(numbers, noise), product(mark, noise), product(noise, noise))
        }
    }

    /// - Parameter ratio: of signal to noise, above 0.
    func medianCosine(_ ratio: Double) -> Double {
        let amplitude = 1 / ratio.squareRoot()
        let cosines = draws.map { draw -> Double in
            let square = signal.square + 2 * amplitude * draw.shared + draw.square / ratio
            return (signal.product + amplitude * draw.product) / (signal.norm * square.squareRoot())
        }
        return cosines.sorted()[cosines.count / 2]
    }

    /// By bisection of the logarithm.
    func signalToNoise(medianCosine cosine: Double) -> Double {
        if cosine <= medianCosine(Self.ratios.lowerBound) { return 0 }
        var (lower, upper) = (log(Self.ratios.lowerBound), log(Self.ratios.upperBound))
        while upper - lower > 1e-6 {
            let middle = (lower + upper) / 2
            if medianCosine(exp(middle)) < cosine { lower = middle } else { upper = middle }
        }
        return exp(lower)
    }
}
