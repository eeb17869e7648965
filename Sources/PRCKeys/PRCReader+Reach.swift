import Foundation
import RandomNumbers
import Statistics

extension PRCReader {
    /// Of three of the key's own marks in seeded white noise.
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        let values = (0..<3).map { draw in
            logPValue(mark(numbers, signalToNoise: signalToNoise, seed: UInt64(draw)), numbers)
        }
        return values.sorted()[1] / log(10)
    }

    /// The signal-to-noise ratio at which the codeword's agreement has that evidence in the median.
    public func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        guard agreement > 0 else { return 0 }
        let evidence = agreement * wholeMark
        var (low, high) = (-12.0, 12.0)
        while high - low > 1e-6 {
            let middle = (low + high) / 2
            if codewordEvidence(signalToNoise: exp(middle)) < evidence { low = middle } else { high = middle }
        }
        return low == -12 ? 0 : exp(low)
    }

    /// -ln p, without what checks may add.
    private func codewordEvidence(signalToNoise: Double) -> Double {
        let share = 1 - 2 * code.geometry.errorRate
        let square = share * share * signalToNoise / (1 + signalToNoise)
        let logP = signs.log10MedianPValue(of: [], signalToNoise: square / (1 - square)) * log(10)
        return -logP - Double(search.bits + 1) * log(2)
    }

    /// A reading of one of the key's marks in white noise.
    private func mark(_ pad: [Double], signalToNoise: Double, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        let payload = search.payload(of: (0..<search.bits).map { _ in UInt8(generator.next() & 1) })
        let codeword = code.codeword(payload)
        let own = (signalToNoise / (1 + signalToNoise)).squareRoot()
        let other = (1 - own * own).squareRoot()
        return (0..<dimension).map { element in
            let (magnitude, noise) = generator.nextNormalPair()
            let isWrong = Double.random(in: 0..<1, using: &generator) < code.geometry.errorRate
            let sign = (codeword[element] == 1) != isWrong ? -pad[element] : pad[element]
            return own * sign * abs(magnitude) + other * noise
        }
    }

    /// What Gaussian Shading was measured to have, whose signs come back the same way (docs/schemes/gaussian-shading.md).
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double { diffusionSteps == 0 ? 0.055 : 0.07 }
}
