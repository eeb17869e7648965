import Foundation
import RandomNumbers
import Registration
import TestSupport
import Testing

/// All shifts at once against one after the other.
struct ShiftCorrelationTests {
    /// Right and left of the middle column, on it, above it and below.
    private let frequencies = [(1, 0), (4, 3), (-4, 3), (0, 2), (2, -5), (0, 5), (-1, 1), (5, 5)]

    /// Σ Re(F·K̄·exp(2πi k·s)), in Double; one block of channels, a part of one, and two.
    @Test(arguments: [(12, 4), (16, 3), (18, 5)]) func equalsTheSumAtEveryShift(side: Int, channels: Int) {
        var stream = NormalStream(seed: UInt64(side))
        let count = frequencies.count * channels
        let (keys, values) = (stream.next(2 * count), stream.next(2 * count))
        let key = SpectralKey(frequencies: frequencies.count, channels: channels) { frequency, channel in
            let at = 2 * (frequency * channels + channel)
            return (keys[at], keys[at + 1])
        }
        let blocks = (channels + 3) / 4
        var spectrum = [SIMD8<Float>](repeating: .zero, count: frequencies.count * blocks)
        for at in 0..<count {
            let (frequency, channel) = (at / channels, at % channels)
            spectrum[frequency * blocks + channel / 4][channel % 4] = Float(values[2 * at])
            spectrum[frequency * blocks + channel / 4][channel % 4 + 4] = Float(values[2 * at + 1])
        }
        let correlation = ShiftCorrelation(
            side: side, frequencies: frequencies.map { SIMD2(Float($0.0), Float($0.1)) }, blocks: blocks)
        // Twice, since the transform's memory is used again.
        for _ in 0..<2 {
            let found = spectrum.withUnsafeBufferPointer { Array(correlation.correlate($0, with: key)) }
            var expected: [Double] = []
            for place in 0..<side * side {
                var sum = 0.0
                for at in 0..<count {
                    let k = frequencies[at / channels]
                    let turns = Double(k.0 * (place % side) + k.1 * (place / side)) / Double(side)
                    let (a, b) = (values[2 * at], values[2 * at + 1])
                    let (c, d) = (keys[2 * at], -keys[2 * at + 1])
                    sum += (a * c - b * d) * cos(2 * .pi * turns) - (a * d + b * c) * sin(2 * .pi * turns)
                }
                expected.append(2 * sum)
            }
            // A few roundings of Floats.
            expectClose(found.map(Double.init), expected, relative: 2e-6)
        }
    }
}
