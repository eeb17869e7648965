import Foundation
import OnnxGraphs

extension Layers {
    /// Sinusoids of numbers (Vaswani et al. 2017, section 3.5; as diffusers' `Timesteps`): the sines and the cosines of
    /// x·10000^(-i / (width/2 - shift)) for i from 0 to width/2 - 1.
    /// - Parameters:
    ///   - x: `[…, 1]`.
    ///   - width: even, at least 2, and above 2·shift.
    ///   - cosineFirst: whether the cosines come before the sines, `flip_sin_to_cos`.
    ///   - shift: 0 or more.
    /// - Returns: `[…, width]`.
    package func sinusoids(_ x: GraphValue, _ width: Int, cosineFirst: Bool = true, shift: Int = 0) -> GraphValue {
        let angles = multiply(x, graph.floats(Self.frequencies(width, shift: shift), [width / 2]))
        let sine = graph.node("Sin", [angles])
        let cosine = graph.node("Cos", [angles])
        return concatenate(cosineFirst ? [cosine, sine] : [sine, cosine], axis: -1)
    }

    /// 10000^(-i / (width/2 - shift)), each step rounded to float32 as PyTorch rounds it.
    package static func frequencies(_ width: Int, shift: Int) -> [Float] {
        precondition(width > 0 && width % 2 == 0 && shift >= 0 && width / 2 > shift, "width \(width), shift \(shift)")
        let logarithm = Float(-log(10_000.0))
        return (0..<width / 2).map { exp(logarithm * Float($0) / Float(width / 2 - shift)) }
    }
}
