import Foundation

/// How β runs from the first to the last training step, in single precision as diffusers computes it.
public enum BetaSchedule: String, Sendable, CaseIterable {
    case linear
    /// Linear in √β (Rombach et al. 2022).
    case scaledLinear = "scaled_linear"
    /// From ᾱ(t) = cos²((t + 0.008)/1.008 · π/2), β at most 0.999 (Nichol and Dhariwal 2021, eq. 17).
    case squaredCosine = "squaredcos_cap_v2"

    /// β of every training step.
    /// - Parameters:
    ///   - start: the first β; the squared cosine has its own.
    ///   - end: the last β; the squared cosine has its own.
    ///   - count: of training steps.
    public func betas(from start: Double, to end: Double, count: Int) -> [Float] {
        switch self {
        case .linear:
            Self.linspace(Float(start), Float(end), count)
        case .scaledLinear:
            Self.linspace(Float(start.squareRoot()), Float(end.squareRoot()), count).map { $0 * $0 }
        case .squaredCosine:
            (0..<count).map { index in
                let (from, to) = (Double(index) / Double(count), Double(index + 1) / Double(count))
                return Float(min(1 - Self.squaredCosine(to) / Self.squaredCosine(from), 0.999))
            }
        }
    }

    /// The β whose last ᾱ is 0: √ᾱ is shifted to end at 0 and scaled to start as before (Lin et al. 2024, algorithm 1).
    public static func rescaledToZeroTerminalSNR(_ betas: [Float]) -> [Float] {
        let roots = cumulativeAlphas(betas).map { $0.squareRoot() }
        guard let first = roots.first, let last = roots.last, first > last else { return betas }
        let scale = first / (first - last)
        let alphasCumulative = roots.map { root in
            let shifted = (root - last) * scale
            return shifted * shifted
        }
        return alphasCumulative.indices.map { index in
            1 - (index == 0 ? alphasCumulative[0] : alphasCumulative[index] / alphasCumulative[index - 1])
        }
    }

    /// ᾱ_t = ∏(1-β_i): the product runs in double and each value is rounded to single, as PyTorch's `cumprod` does.
    static func cumulativeAlphas(_ betas: [Float]) -> [Float] {
        var product = 1.0
        return betas.map { beta in
            product *= Double(1 - beta)
            return Float(product)
        }
    }

    private static func squaredCosine(_ t: Double) -> Double {
        let root = cos((t + 0.008) / 1.008 * Double.pi / 2)
        return root * root
    }

    /// From both ends to the middle, product and sum rounded at once, as PyTorch does it.
    private static func linspace(_ start: Float, _ end: Float, _ count: Int) -> [Float] {
        guard count > 1 else { return [start] }
        let step = (end - start) / Float(count - 1)
        return (0..<count).map {
            $0 < count / 2 ? start.addingProduct(step, Float($0)) : end.addingProduct(-step, Float(count - 1 - $0))
        }
    }
}
