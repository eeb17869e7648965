import Foundation
import LinearAlgebra
import RandomNumbers
import Tensors

/// Looks for one key in recovered noise.
///
/// With F the spectrum and W the key's map (`SpectralMap`), S = WᵀF/√N measures every number of the key, with the energy
/// and noise covariance G = WᵀW. The statistic a = (G + λI)⁻¹ S is the mean of the numbers given S at a signal-to-noise
/// ratio of 1/λ: it weighs what was measured well, and knows nothing of the key, so that `CosineTest` is exact.
public final class KeyDetector: Sendable {
    /// λ, best at a signal-to-noise ratio of a quarter. The plain ring means, λ = 0, lose 0.8 decades of a one-channel
    /// key's median p-value there and this loses 0.4 where the ratio is 1 and p is small anyway (docs/key-format.md).
    static let shrinkage = 4.0

    /// The key that is looked for.
    public let key: RingKey
    /// The key's fingerprint.
    public let id: String
    /// κ.
    public let keyNumbers: [Double]
    private let map: SpectralMap
    private let gram: SymmetricMatrix
    /// L·Lᵀ = G + λI.
    private let weighting: CholeskyFactor
    private let transform: PlaneTransform
    private let target: [RingKey.TargetCoefficient]

    /// Derives the key's numbers and plans the transform: some milliseconds, once for all images.
    public init(_ key: RingKey) {
        self.key = key
        id = key.id
        keyNumbers = key.numbers
        map = SpectralMap(key.geometry)
        gram = map.gram()
        weighting = gram.choleskyFactor(shift: Self.shrinkage)
        transform = PlaneTransform(height: key.geometry.latentShape.height, width: key.geometry.latentShape.width)
        target = key.targetSpectrum()
    }

    /// Independent numbers of the key.
    public var dimension: Int { keyNumbers.count }

    /// a: what the latent has in the place of the key's numbers, up to one common factor.
    /// - Parameter latent: `[1, C, h, w]`.
    /// - Throws: `InputError` for a NaN, or a latent without anything at the key's frequencies.
    public func measure(_ latent: Tensor) throws -> [Double] {
        let statistic = spectra(of: latent).flatMap { weighting.solve(matched($0)) }
        guard statistic.allSatisfy(\.isFinite) else {
            throw InputError("recovered latent", expected: "numbers", found: "NaN or infinity")
        }
        guard statistic.contains(where: { $0 != 0 }) else {
            throw InputError(
                "recovered latent", expected: "something at the key's frequencies", found: "zeros everywhere")
        }
        return statistic
    }

    /// κ̂ = G⁻¹S from a statistic: each number as it was measured, without the weights, on the scale of the key's own
    /// numbers. For pictures and for people; the weighted statistic is what is tested.
    public func estimates(_ statistic: [Double]) -> [Double] {
        // (G + λI) a = S in each channel. The shift keeps finite what marking left without energy.
        let factor = gram.choleskyFactor(shift: 1e-6)
        return stride(from: 0, to: statistic.count, by: map.count).flatMap { start in
            let own = Array(statistic[start..<start + map.count])
            return factor.solve(zip(gram.applied(to: own), own).map { $0 + Self.shrinkage * $1 })
        }
    }

    /// The cosine of a measurement with the key.
    public func cosine(_ statistic: [Double]) -> Double { Self.cosine(statistic, keyNumbers) }

    static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        precondition(a.count == b.count, "\(a.count) measured numbers for a key of \(b.count)")
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += x * y
            first += x * x
            second += y * y
        }
        return product / (first * second).squareRoot()
    }

    /// log₁₀ of the median p-value at SNR 1: of a latent that is the marked noise and as much white noise again. A key
    /// whose reach is above the asked rate has too few numbers for it. From seeded draws, fewer for very large keys,
    /// whose p-values differ little.
    public var log10Reach: Double {
        let draws = max(51, min(501, 2_000_000 / dimension)) | 1
        var normals = NormalStream(seed: 0x5EED)
        let noiseFactor = gram.choleskyFactor(shift: 0)
        let logs = (0..<draws).map { _ -> Double in
            var numbers: [Double] = []
            var statistic: [Double] = []
            for _ in key.geometry.channels {
                let own = normals.next(map.count)
                let noise = noiseFactor.applied(to: normals.next(map.count))
                numbers += own
                statistic += weighting.solve(zip(gram.applied(to: own), noise).map { $0 + $1 })
            }
            return CosineTest.logPValue(cosine: Self.cosine(statistic, numbers), dimension: numbers.count)
        }
        return logs.sorted()[draws / 2] / log(10)
    }

    /// The reference package's two figures for this key, as it computes them.
    public func referenceScore(_ latent: Tensor) -> LegacyScore {
        let spectra = self.spectra(of: latent)
        let position = Dictionary(uniqueKeysWithValues: key.geometry.channels.enumerated().map { ($1, $0) })
        return LegacyScore(
            pairs: target.map { entry in
                let measured = spectra[position[entry.channel] ?? 0][entry.index]
                return (
                    key: (entry.real, entry.imaginary), measured: (Double(measured.real), Double(measured.imaginary))
                )
            })
    }

    /// |F| in the keyed channels with DC in the middle, as rows, for pictures.
    public func amplitudes(_ latent: Tensor) -> [(channel: Int, rows: [[Float]])] {
        let shape = key.geometry.latentShape
        let grid = FrequencyGrid(shape)
        return zip(key.geometry.channels, spectra(of: latent)).map { channel, plane in
            let rows = (0..<shape.height).map { row in
                (0..<shape.width).map { column in
                    let value = plane[grid.index(shiftedRow: row, column: column)]
                    return hypotf(value.real, value.imaginary)
                }
            }
            return (channel, rows)
        }
    }

    /// |k| of each number, one channel's part.
    public var magnitudes: [Double] { map.magnitudes }

    /// One transformed plane for each keyed channel.
    private func spectra(of latent: Tensor) -> [ComplexPlane] {
        let shape = key.geometry.latentShape
        precondition(latent.shape == shape.tensorShape(), "a key for \(shape) on a latent of \(latent.shape)")
        return latent.withUnsafeBufferPointer { elements in
            key.geometry.channels.map { channel in
                let plane = ComplexPlane(height: shape.height, width: shape.width)
                let start = channel * shape.planeCount
                for i in 0..<shape.planeCount { plane[i] = (elements[start + i], 0) }
                transform.forward(plane)
                return plane
            }
        }
    }

    /// S = WᵀF/√N.
    private func matched(_ spectrum: ComplexPlane) -> [Double] {
        var sums = [Double](repeating: 0, count: map.count)
        for weight in map.weights {
            let value = spectrum[weight.index]
            sums[weight.number] += weight.real * Double(value.real) + weight.imaginary * Double(value.imaginary)
        }
        let scale = 1 / Double(key.geometry.latentShape.planeCount).squareRoot()
        return sums.map { $0 * scale }
    }
}
