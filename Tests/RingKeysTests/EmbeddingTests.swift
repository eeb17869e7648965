import Foundation
import RingKeys
import Spectra
import Tensors
import TestSupport
import Testing

@Suite struct EmbeddingTests {
    private struct Golden: Decodable {
        let numbers: [Double]
        let noise: [Float]
        let marked: [Float]
    }

    /// Marked noise element by element against NumPy in double precision, on odd and even sides, not square.
    @Test func matchesNumPy() throws {
        let cases = try NativeFixtures.decode([Golden].self, "spectra.json")
        let keys = try NativeFixtures.decode([NativeFixtures.Geometry].self, "spectra.json").map { try $0.key() }
        #expect(cases.count == 4)
        for (golden, key) in zip(cases, keys) {
            let name = key.geometry.canonicalText
            expectClose(key.numbers, golden.numbers, absolute: 1e-14, name)
            var noise = Tensor(golden.noise, shape: key.geometry.latentShape.tensorShape())
            key.embed(into: &noise)
            // Two transforms in single precision.
            expectClose(noise.elements, golden.marked, absolute: 2e-6, name)
        }
    }

    static let geometries: [(KeyGeometry.Pattern, LatentShape, Double, KeyGeometry.PhaseOrigin)] = [
        (.ring, LatentShape(channels: 3, height: 32, width: 32), 10, .centre),
        (.ring, LatentShape(channels: 3, height: 33, width: 20), 6.5, .corner),
        (.ring, LatentShape(channels: 3, height: 9, width: 31), 3, .centre),
        (.spread, LatentShape(channels: 3, height: 32, width: 32), 15, .centre),
        (.spread, LatentShape(channels: 3, height: 15, width: 22), 5, .corner),
    ]

    /// The key's spectrum is Hermitian and off the Nyquist lines, so that its inverse transform is real.
    @Test(arguments: geometries)
    func spectrumIsHermitian(
        pattern: KeyGeometry.Pattern, shape: LatentShape, radius: Double, phase: KeyGeometry.PhaseOrigin
    ) throws {
        let key = try NativeFixtures.key(pattern, radius: radius, channels: [0, 2], shape: shape, phase: phase)
        let values = try ReferenceFixtures.complex(key.referenceSpectrum)
        let (height, width) = (shape.height, shape.width)
        let plane = ComplexPlane(height: height, width: width)
        let transform = PlaneTransform(height: height, width: width)
        for channel in 0..<3 {
            for row in 0..<height {
                for column in 0..<width {
                    let at = 2 * ((channel * height + row) * width + column)
                    let (y, x) = (row - height / 2, column - width / 2)
                    if channel == 1 || 2 * abs(y) == height || 2 * abs(x) == width {
                        #expect(values[at] == 0 && values[at + 1] == 0, "\(channel), \(y), \(x)")
                    }
                    let index = ((y + height) % height) * width + (x + width) % width
                    plane[index] = (values[at], values[at + 1])
                }
            }
            transform.inverse(plane)
            let imaginary = (0..<height * width).map { abs(plane[$0].imaginary) }.max() ?? 0
            // Of a plane whose elements are of the order of 1.
            #expect(imaginary < 1e-6, "imaginary part \(imaginary)")
        }
    }

    /// Replaces the keyed coefficients, keeps every other coefficient and channel, in every item of a batch.
    @Test(arguments: geometries)
    func keepsEverythingElse(
        pattern: KeyGeometry.Pattern, shape: LatentShape, radius: Double, phase: KeyGeometry.PhaseOrigin
    ) throws {
        let key = try NativeFixtures.key(pattern, radius: radius, channels: [0, 2], shape: shape, phase: phase)
        let target = try ReferenceFixtures.complex(key.referenceSpectrum)
        let original = Tensor(normal: shape.tensorShape(batch: 2), seed: 7)
        var marked = original
        key.embed(into: &marked)
        let (height, width) = (shape.height, shape.width)
        let transform = PlaneTransform(height: height, width: width)
        let scale = Float(height * width).squareRoot()
        for item in 0..<2 {
            for channel in 0..<3 {
                let start = (item * 3 + channel) * shape.planeCount
                let planes = [original, marked].map { tensor in
                    let plane = ComplexPlane(height: height, width: width)
                    let elements = tensor.elements
                    for i in 0..<shape.planeCount { plane[i] = (elements[start + i], 0) }
                    transform.forward(plane)
                    return plane
                }
                for i in 0..<shape.planeCount {
                    let (y, x) = ((i / width + height / 2) % height, (i % width + width / 2) % width)
                    let at = 2 * ((channel * height + y) * width + x)
                    let isKeyed = target[at] != 0 || target[at + 1] != 0
                    let expected = isKeyed ? (target[at], target[at + 1]) : planes[0][i]
                    #expect(abs(planes[1][i].real - expected.0) < 1e-5 * scale, "\(item), \(channel), \(i)")
                    #expect(abs(planes[1][i].imaginary - expected.1) < 1e-5 * scale, "\(item), \(channel), \(i)")
                }
                if channel == 1 {
                    #expect(
                        original.elements[start..<start + shape.planeCount]
                            == marked.elements[start..<start + shape.planeCount])
                }
            }
        }
    }

    /// Without noise the measurement is the key, each number recovered up to its known weight; nearly so for `spread` keys,
    /// whose latents are evened out first.
    @Test(arguments: geometries)
    func noiseFreeMeasurementIsTheKey(
        pattern: KeyGeometry.Pattern, shape: LatentShape, radius: Double, phase: KeyGeometry.PhaseOrigin
    ) throws {
        let key = try NativeFixtures.key(pattern, radius: radius, channels: [0, 2], shape: shape, phase: phase)
        var latent = Tensor(normal: shape.tensorShape(), seed: 3)
        key.embed(into: &latent)
        let reader = RingReader(key.geometry)
        if pattern != .spread {
            // The numbers without the weights, κ itself.
            expectClose(reader.estimates(try reader.read(latent)), key.numbers, absolute: 1e-5)
        }
        #expect(reader.agreement(try reader.read(latent), key.numbers) > 0.9)
    }

    /// Marked noise is as N(0, 1) as noise is, over keys: mean 0, variance 1, in the disc's plane and everywhere.
    @Test(arguments: [KeyGeometry.Pattern.ring, .spread])
    func markedNoiseHasUnitVariance(pattern: KeyGeometry.Pattern) throws {
        let shape = LatentShape(channels: 1, height: 16, width: 16)
        let keys = 2000
        var sums = [Double](repeating: 0, count: shape.count)
        var squares = sums
        for seed in 0..<keys {
            let key = try NativeFixtures.key(pattern, radius: 6, shape: shape, phase: .corner, seed: UInt64(seed))
            var latent = Tensor(normal: shape.tensorShape(), seed: UInt64(seed) + 50_000)
            key.embed(into: &latent)
            for (i, value) in latent.elements.enumerated() {
                sums[i] += Double(value)
                squares[i] += Double(value) * Double(value)
            }
        }
        let variances = squares.map { $0 / Double(keys) }
        // The standard error over all elements is below 1/√(2000·256/20): twenty for what elements share.
        #expect(abs(sums.reduce(0, +) / Double(keys * shape.count)) < 0.03)
        #expect(abs(variances.reduce(0, +) / Double(shape.count) - 1) < 0.02)
        if pattern == .spread {
            // Every single element too: five standard errors √(2/2000).
            #expect(variances.allSatisfy { abs($0 - 1) < 5 * (2.0 / Double(keys)).squareRoot() })
        }
    }

    /// With its phase origin in the middle, a ring key's marked disc is the same after half a turn; with the origin in
    /// the corner it is not.
    @Test func aCentredRingKeySurvivesHalfATurn() throws {
        let shape = LatentShape(channels: 1, height: 32, width: 32)
        for (phase, isInvariant) in [(KeyGeometry.PhaseOrigin.centre, true), (.corner, false)] {
            let key = try NativeFixtures.key(.ring, radius: 8, shape: shape, phase: phase)
            var latent = Tensor(normal: shape.tensorShape(), seed: 5)
            key.embed(into: &latent)
            let reader = RingReader(key.geometry)
            let upright = try reader.read(latent)
            let turned = try reader.read(Tensor(latent.elements.reversed(), shape: latent.shape))
            let elements = latent.elements
            let mirror = elements.indices.map { i in elements[i / 32 * 32 + 31 - i % 32] }
            let mirrored = try reader.read(Tensor(mirror, shape: latent.shape))
            if isInvariant {
                expectClose(turned, upright, absolute: 1e-5)
                expectClose(mirrored, upright, absolute: 1e-5)
            } else {
                #expect(zip(turned, upright).contains { abs($0 - $1) > 0.1 })
            }
        }
    }
}
