/// A key's coefficients in the order of a search's frequencies, laid out for its products.
public struct SpectralKey: Sendable {
    /// For each frequency and block of four channels: real and imaginary parts.
    let values: [SIMD8<Float>]
    /// The same times i: what gives the imaginary part of F·K̄.
    let turned: [SIMD8<Float>]
    /// ‖K‖ over all frequencies and channels.
    let norm: Float

    /// - Parameters:
    ///   - frequencies, channels: how many there are.
    ///   - coefficient: K of a frequency and a channel, both by their places; its phase counts from the frame's centre.
    public init(
        frequencies: Int, channels: Int, coefficient: (Int, Int) -> (real: Double, imaginary: Double)
    ) {
        let blocks = (channels + 3) / 4
        var values = [SIMD8<Float>](repeating: .zero, count: frequencies * blocks)
        var squares = 0.0
        for frequency in 0..<frequencies {
            for channel in 0..<channels {
                let (real, imaginary) = coefficient(frequency, channel)
                let at = frequency * blocks + channel / 4
                values[at][channel % 4] = Float(real)
                values[at][channel % 4 + 4] = Float(imaginary)
                squares += real * real + imaginary * imaginary
            }
        }
        self.values = values
        turned = values.map { SIMD8(lowHalf: -$0.highHalf, highHalf: $0.lowHalf) }
        norm = Float(squares.squareRoot())
    }
}
