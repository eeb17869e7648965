import Foundation
import RandomNumbers
import Registration
import Tensors
import TestSupport
import Testing

/// The spectrum between the frequencies of a latent against its definition.
struct OversampledSpectrumTests {
    /// F(k) = Σ z(p) exp(-2πi k·p), p counted from the frame's centre in its sides.
    private static func exact(_ plane: ArraySlice<Float>, _ height: Int, _ width: Int, _ k: (Double, Double)) -> SIMD2<
        Double
    > {
        var sum = SIMD2<Double>.zero
        for (index, value) in plane.enumerated() {
            let x = (Double(index % width) - Double(width - 1) / 2) / Double(width)
            let y = (Double(index / width) - Double(height - 1) / 2) / Double(height)
            let angle = -2 * Double.pi * (k.0 * x + k.1 * y)
            sum += Double(value) * SIMD2(cos(angle), sin(angle))
        }
        return sum
    }

    /// Odd, non-square, one block of channels and two.
    @Test(arguments: [(24, 20, [0, 1]), (9, 13, [1]), (16, 11, [4, 0, 2, 1, 3])])
    func equalsTheSumAtAnyFrequency(_ height: Int, _ width: Int, _ channels: [Int]) throws {
        let shape = LatentShape(channels: 5, height: height, width: width)
        let latent = Tensor(normal: shape.tensorShape(), seed: UInt64(height))
        let spectrum = OversampledSpectrum(
            latent, channels: channels, transform: OversampledSpectrum.transform(shape))
        var generator = SeededGenerator(seed: 3)
        let frequencies = (0..<60).map { _ in
            SIMD2<Float>(
                Float(generator.nextUniform() - 0.5) * Float(width),
                Float(generator.nextUniform() - 0.5) * Float(height))
        }
        let map = LinearMap(xx: 0.8, xy: 0.15, yx: -0.1, yy: 0.9)
        let blocks = (channels.count + 3) / 4
        var sampled = [SIMD8<Float>](repeating: .one, count: frequencies.count * blocks)
        let squares = sampled.withUnsafeMutableBufferPointer {
            spectrum.sample(frequencies, mappedBy: map, into: $0)
        }
        var (found, expected) = ([Double](), [Double]())
        for (index, frequency) in frequencies.enumerated() {
            let k = map(x: Double(frequency.x), y: Double(frequency.y))
            for (position, channel) in channels.enumerated() {
                let value = sampled[index * blocks + position / 4]
                found += [Double(value[position % 4]), Double(value[position % 4 + 4])]
                let isInside = abs(k.x) < Double(width) / 2 && abs(k.y) < Double(height) / 2
                let own = latent.elements[channel * height * width..<(channel + 1) * height * width]
                let sum = isInside ? Self.exact(own, height, width, (k.x, k.y)) : .zero
                expected += [sum.x, sum.y]
            }
        }
        // What interpolation between four times as many points leaves: at most Σ (1/8m ± 1)⁻²/64 ≈ 3 % of a point on the
        // frame's edge, along each axis, and much less within.
        let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        let whole = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(whole > 0 && error < 0.02 * whole, "\(error / whole)")
        expectClose(found, expected, relative: 0.04)
        expectClose([Double(squares)], [found.reduce(0) { $0 + $1 * $1 }], relative: 1e-5)
        // The places that fill the last block stay empty.
        for (at, value) in sampled.enumerated() {
            for lane in 0..<4 where at % blocks * 4 + lane >= channels.count {
                #expect(value[lane] == 0 && value[lane + 4] == 0)
            }
        }
    }

    @Test func thereIsNothingPastTheNyquistFrequency() {
        let shape = LatentShape(channels: 1, height: 8, width: 6)
        let spectrum = OversampledSpectrum(
            Tensor(normal: shape.tensorShape(), seed: 1), channels: [0], transform: OversampledSpectrum.transform(shape)
        )
        func squares(_ x: Float, _ y: Float) -> Float {
            var sampled = [SIMD8<Float>.one]
            return sampled.withUnsafeMutableBufferPointer {
                spectrum.sample([SIMD2(x, y)], mappedBy: .identity, into: $0)
            }
        }
        for (x, y) in [(3, 0), (-3, 1), (0, 4), (1, -4), (17, 0), (0, -1e9)] as [(Float, Float)] {
            #expect(squares(x, y) == 0)
        }
        for (x, y) in [(2.99, 3.99), (-2.99, -3.99), (2.99, -3.99), (0, 0)] as [(Float, Float)] {
            #expect(squares(x, y) > 0)
        }
    }
}
