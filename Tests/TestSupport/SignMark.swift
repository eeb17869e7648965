import Foundation
import InputErrors
import Marks
import RandomNumbers
import Tensors

/// A toy scheme: a key's numbers are signs, and marking gives the first elements of the noise those signs. Its test is
/// exactly binomial, no cosine's.
package struct SignKey: MarkKey {
    package let identity: KeyIdentity
    package let created = "2026-01-31T12:00:00Z"
    package let details: [KeyDetail] = []
    package let latentShape: LatentShape
    package let numbers: [Double]
    package let reasonWithoutExactPValue: String?
    package var family: KeyFamily { KeyFamily(scheme: "sign", geometry: "\(latentShape) first \(numbers.count)") }

    /// A key of seeded signs.
    package init(seed: UInt64, count: Int = 200, latentShape: LatentShape, reasonWithoutExactPValue: String? = nil) {
        var generator = SeededGenerator(seed: seed)
        numbers = (0..<count).map { _ in generator.next() & 1 == 0 ? 1 : -1 }
        identity = KeyIdentity(id: "sign-\(seed)", name: "sign \(seed)", pattern: "sign")
        self.latentShape = latentShape
        self.reasonWithoutExactPValue = reasonWithoutExactPValue
    }

    package func embed(into noise: inout Tensor) {
        let (batch, stride) = (noise.batch, latentShape.count)
        noise.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                for (index, sign) in numbers.enumerated() {
                    elements[item * stride + index] = abs(elements[item * stride + index]) * Float(sign)
                }
            }
        }
    }

    package func data() throws -> Data { Data() }

    package func makeReader() -> any MarkReader { SignReader(dimension: numbers.count, latentShape: latentShape) }
}

/// Reads the first elements of the noise.
package struct SignReader: MarkReader {
    package let statistic = "agreeing signs"
    package let hasNormalKeys = false
    package let dimension: Int
    package let latentShape: LatentShape

    package func read(_ noise: Tensor) throws -> [Double] {
        guard noise.isFinite else {
            throw InputError("recovered latent", expected: "numbers", found: "NaN or infinity", as: .notFinite)
        }
        return noise.elements.prefix(dimension).map(Double.init)
    }

    /// Share of agreeing signs less that of others.
    package func agreement(_ reading: [Double], _ numbers: [Double]) -> Double {
        let agreeing = zip(reading, numbers).count { $0.0 * $0.1 > 0 }
        return Double(2 * agreeing - dimension) / Double(dimension)
    }

    /// P(at least as many of `dimension` fair coins agree), summed term by term.
    package func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        let hits = Int(((twoSided ? abs(agreement) : agreement) + 1) / 2 * Double(dimension) + 0.5)
        let total = Double(dimension)
        let terms = (hits...dimension).map { k -> Double in
            let ways: Double = lgamma(total + 1) - lgamma(Double(k) + 1) - lgamma(total - Double(k) + 1)
            return ways - total * log(2)
        }
        let largest = terms.max() ?? 0
        let tail = largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
        return min(0, twoSided ? tail + log(2) : tail)
    }

    /// Noise leaves each sign with the chance P(|x| > |e|) of being right, x the mark and e the noise.
    package func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        logPValue(agreement: 2 / Double.pi * atan(signalToNoise.squareRoot()), of: [], twoSided: false) / log(10)
    }

    package func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        agreement <= 0 ? 0 : pow(tan(min(agreement, 0.99) * .pi / 2), 2)
    }

    package func assumedSignalToNoise(diffusionSteps: Int) -> Double { 1 }
}
