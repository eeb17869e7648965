import Foundation
import RingKeys
import Spectra
import Tensors
import Testing

/// The exact p-value of keys that the reference made, whatever the image.
@Suite struct ReferenceExactTests {
    /// Fresh keys against fixed images that know nothing of them: P(p < x) = x. The channels of one key are sixteen
    /// independent keys of one channel.
    @Test(arguments: [
        (KeyGeometry.Pattern.treeRingRing, 32, 6, 40_000), (.treeRingRand, 32, 6, 8000),
        (.treeRingRing, 33, 7, 3200), (.treeRingRand, 33, 7, 1600), (.treeRingRing, 64, 10, 3200),
    ])
    func pIsUniformOverKeys(pattern: KeyGeometry.Pattern, size: Int, radius: Int, keys: Int) throws {
        let reader = RingReader(try ReferenceTrials.key(pattern, size: size, radius: radius, seed: 1).geometry)
        let images = ReferenceTrials.latents(size: size)
        let statistics = try images.map { try reader.read($0.latent) }
        let levels = [0.5, 0.1, 0.01, 0.001, 0.0001]
        var counts = images.map { _ in levels.map { _ in 0 } }
        for seed in 0..<keys / 16 {
            let numbers = try RingKey(
                treeRing: pattern, noise: Tensor(normal: [1, 16, size, size], seed: 100 + UInt64(seed)), channel: -1,
                radius: radius, name: "sixteen keys"
            ).numbers
            for start in stride(from: 0, to: numbers.count, by: reader.dimension) {
                let own = numbers[start..<start + reader.dimension]
                for (image, statistic) in statistics.enumerated() {
                    let p = pow(10, ReferenceTrials.log10P(statistic, own))
                    for (index, level) in levels.enumerated() where p < level { counts[image][index] += 1 }
                }
            }
        }
        for (image, counted) in zip(images, counts) {
            for (level, count) in zip(levels, counted) {
                // Four standard deviations of a binomial count, and two for the skewness of small ones.
                let expected = level * Double(keys)
                let slack = 4 * (expected * (1 - level)).squareRoot() + 2
                #expect(
                    abs(Double(count) - expected) <= slack,
                    "\(pattern) \(size), \(image.name): \(count) below \(level), expected \(expected)")
            }
        }
    }

    /// The key's numbers are what isotropy needs: mean 0, variance 1, no correlation, at DC and off it.
    @Test(arguments: [
        (KeyGeometry.Pattern.treeRingRing, 64, 10, 20), (.treeRingRand, 64, 10, 357), (.treeRingRand, 33, 7, 149),
        (.treeRingRing, 16, 7, 14),
    ])
    func numbersAreStandardNormal(pattern: KeyGeometry.Pattern, size: Int, radius: Int, dimension: Int) throws {
        let keys = 1000
        var sums: [Double] = []
        var squares: [Double] = []
        var neighbours: [Double] = []
        for seed in 0..<keys {
            let numbers = try ReferenceTrials.key(pattern, size: size, radius: radius, seed: UInt64(seed)).numbers
            if seed == 0 {
                #expect(numbers.count == dimension)
                sums = numbers.map { _ in 0 }
                (squares, neighbours) = (sums, sums)
            }
            for i in numbers.indices {
                sums[i] += numbers[i]
                squares[i] += numbers[i] * numbers[i]
                neighbours[i] += numbers[i] * numbers[(i + 1) % numbers.count]
            }
        }
        // Standard errors of 1000 draws: 0.032 of a mean and a product, 0.045 of a square; 4.5 of them for the largest
        // of some hundred.
        for i in sums.indices {
            #expect(abs(sums[i]) / Double(keys) < 0.145, "mean of number \(i)")
            #expect(abs(squares[i] / Double(keys) - 1) < 0.2, "variance of number \(i): \(squares[i] / Double(keys))")
            #expect(abs(neighbours[i]) / Double(keys) < 0.145, "numbers \(i) and \(i + 1)")
        }
    }

    /// Marked noise and white noise, one channel of rings. The mean of Re F on each ring of the mask, held against the
    /// real parts alone, has the medians of docs/reference-keys.md; the linear map of both parts has 3 decades more.
    @Test func medianByReaderAndSignalToNoise() throws {
        let size = 64
        let reader = RingReader(try ReferenceTrials.key(.treeRingRing, size: size, radius: 10, seed: 1).geometry)
        let rings = try ringCells(size: size, radius: 10)
        let transform = PlaneTransform(height: size, width: size)
        let plane = ComplexPlane(height: size, width: size)
        for (snr, expectedNaive, expectedMapped) in [
            (1.0, 2.3e-4, 7e-8), (0.25, 4.5e-3, 3.3e-5), (0.1, 2.7e-2, 1.5e-3),
        ] {
            var (naive, mapped) = ([Double](), [Double]())
            for trial in 0..<401 {
                let key = try ReferenceTrials.key(.treeRingRing, size: size, radius: 10, seed: 2000 + UInt64(trial))
                var latent = Tensor(normal: [1, 1, size, size], seed: 3000 + UInt64(trial))
                key.embed(into: &latent)
                let error = Tensor(normal: latent.shape, seed: 4000 + UInt64(trial))
                latent = .combination((1, latent), ((1 / snr).squareRoot(), error))
                mapped.append(ReferenceTrials.log10P(try reader.read(latent), key.numbers[...]))

                let elements = latent.elements
                for i in elements.indices { plane[i] = (elements[i], 0) }
                transform.forward(plane)
                let means = rings.map { cells in cells.reduce(0.0) { $0 + Double(plane[$1].real) } / Double(cells.count)
                }
                let numbers = key.numbers
                naive.append(ReferenceTrials.log10P(means, rings.indices.map { numbers[2 * $0] }[...]))
            }
            // The standard error of a median of 401 with a spread of one to two decades is 0.1.
            let (medianNaive, medianMapped) = (naive.sorted()[200], mapped.sorted()[200])
            #expect(abs(medianNaive - log10(expectedNaive)) < 0.3, "ring means at SNR \(snr): 10^\(medianNaive)")
            #expect(abs(medianMapped - log10(expectedMapped)) < 0.4, "linear map at SNR \(snr): 10^\(medianMapped)")
        }
    }

    /// Unshifted indices of each ring of the mask, from keys that differ by one ring.
    private func ringCells(size: Int, radius: Int) throws -> [[Int]] {
        var before: Set<Int> = []
        return try (1...radius).map { r in
            let values = try ReferenceFixtures.complex(
                ReferenceTrials.key(.treeRingConst, size: size, radius: r, seed: 1).referenceSpectrum)
            let cells = Set((0..<size * size).filter { values[2 * $0] != 0 })
            defer { before = cells }
            return cells.subtracting(before).sorted().map {
                ($0 / size + size / 2) % size * size + ($0 % size + size / 2) % size
            }
        }
    }
}
