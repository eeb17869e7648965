import Foundation
import InputErrors
import LinearAlgebra
import Marks
import NullModels
import RandomNumbers
import RingKeys
import Spectra
import Statistics
import Tensors

/// Reads keys of RingID: rings and noise together, in one test that is exact for both (`LevelledCosineTest`). The reference
/// takes the mean distance of one channel or the other.
///
/// Of each channel the reading is (G + λI)⁻¹ WᵀF/√N, as of ring keys. Channels with noise are evened out by what they show
/// themselves; a ring's power is the key's own, so that ring channels are brought to the power of white noise alone. Readings
/// of rings are whole multiples of one unit, of which their sums have an exact distribution.
public final class RingIDReader: MarkReader {
    /// As of ring keys.
    static let shrinkage = 4.0
    /// The largest multiple.
    static let largestWeight = 15.0

    /// Where the keys' numbers lie.
    public let geometry: RingIDGeometry
    let maps: RingIDMaps
    let rings: Part
    let noise: Part
    let transform: PlaneTransform
    let whitening: SelfWhitening

    /// Channels of one kind.
    struct Part {
        let channels: [Int]
        let map: SpectralMap
        private let gram: SymmetricMatrix
        private let weighting: CholeskyFactor
        private let noiseFactor: CholeskyFactor

        init(_ channels: [Int], _ map: SpectralMap) {
            self.channels = channels
            self.map = map
            gram = map.gram()
            weighting = gram.choleskyFactor(shift: RingIDReader.shrinkage)
            noiseFactor = gram.choleskyFactor()
        }

        var count: Int { map.count * channels.count }

        /// Of a channel brought to the power of white noise.
        func reading(_ spectrum: ComplexPlane) -> [Double] {
            let count = spectrum.height * spectrum.width
            let power = (0..<count).reduce(0.0) {
                $0 + pow(Double(spectrum[$1].real), 2) + pow(Double(spectrum[$1].imaginary), 2)
            }
            let scale = power > 0 ? Double(count) / power.squareRoot() : 0
            return weighting.solve(map.matched(spectrum)).map { $0 * scale }
        }

        /// Of a mark and nothing else.
        func reading(ofMark numbers: ArraySlice<Double>) -> [Double] {
            stride(from: numbers.startIndex, to: numbers.endIndex, by: map.count).flatMap { start in
                weighting.solve(gram.applied(to: Array(numbers[start..<start + map.count])))
            }
        }

        /// Of white noise of unit variance.
        func reading(ofWhiteNoise normals: inout NormalStream) -> [Double] {
            var reading: [Double] = []
            for _ in channels { reading += weighting.solve(noiseFactor.applied(to: normals.next(map.count))) }
            return reading
        }
    }

    /// Turns the rings and factors the weights, once for all keys and images.
    public init(_ geometry: RingIDGeometry) {
        self.geometry = geometry
        maps = RingIDMaps.of(geometry)
        rings = Part(geometry.hasDrawnRings ? geometry.ringChannels : [], maps.rings.marked)
        noise = Part(geometry.noiseChannels, maps.noise.marked)
        transform = PlaneTransform(height: geometry.latentShape.height, width: geometry.latentShape.width)
        whitening = SelfWhitening(geometry.latentShape)
    }

    /// Rings and numbers of noise.
    public var dimension: Int { rings.count + noise.count }
    /// For rings are no normal numbers.
    public var statistic: String { rings.count == 0 ? "cosine" : "cosine with levels" }
    /// Where there are no rings.
    public var hasNormalKeys: Bool { rings.count == 0 }

    /// Multiples of one unit for the rings, then what the noise's numbers measure.
    public func read(_ noise: Tensor) throws -> [Double] {
        guard noise.isFinite else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let evened = self.noise.channels.isEmpty ? noise : whitening.whitened(noise)
        let reading =
            Self.wholeMultiples(spectra(of: noise, rings.channels).flatMap(rings.reading))
            + spectra(of: evened, self.noise.channels).flatMap(self.noise.reading)
        guard reading.contains(where: { $0 != 0 }) else {
            throw InputError(
                "recovered latent", expected: "something at the key's frequencies", found: "zeros everywhere",
                as: .notFinite)
        }
        return reading
    }

    /// Rounded to multiples of a fifteenth of the largest.
    static func wholeMultiples(_ numbers: [Double]) -> [Double] {
        let unit = (numbers.map(abs).max() ?? 0) / largestWeight
        return unit > 0 ? numbers.map { ($0 / unit).rounded() * unit } : numbers
    }

    private func spectra(of latent: Tensor, _ channels: [Int]) -> [ComplexPlane] {
        precondition(latent.shape == geometry.latentShape.tensorShape(), "keys for \(geometry.latentShape)")
        return channels.isEmpty ? [] : transform.spectra(of: latent, channels: channels)
    }

    /// ⟨a,κ⟩ over ‖a‖ and the root of κ's mean square: the cosine where rings have two levels.
    public func agreement(_ reading: [Double], _ numbers: [Double]) -> Double {
        precondition(reading.count == numbers.count, "\(reading.count) numbers and \(numbers.count)")
        return zip(reading, numbers).reduce(0) { $0 + $1.0 * $1.1 } / scale(reading)
    }

    private func scale(_ reading: [Double]) -> Double {
        let levels = Double(geometry.levels)
        let square = (levels + 1) / (3 * (levels - 1)) * Double(rings.count) + Double(noise.count)
        return (reading.reduce(0) { $0 + $1 * $1 } * square).squareRoot()
    }

    /// `LevelledCosineTest`; `CosineTest` where there are no rings.
    public func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        if rings.count == 0 {
            return CosineTest.logPValue(cosine: agreement, dimension: dimension, twoSided: twoSided)
        }
        let levels = reading.prefix(rings.count)
        let unit = max((levels.map(abs).max() ?? 0) / Self.largestWeight, .leastNormalMagnitude)
        let isotropic = reading.dropFirst(rings.count).reduce(0) { $0 + $1 * $1 }
        return LevelledCosineTest(
            weights: levels.map { ($0 / unit).rounded() }, unit: unit, levels: geometry.levels,
            norm: (isotropic * Double(noise.count)).squareRoot(), dimension: max(1, noise.count)
        ).logPValue(sum: agreement * scale(reading), twoSided: twoSided)
    }

    /// The mean of |F - P| over the mask of all channels, as RingID and MarkDiffusion compute it.
    public func publishedScore(_ noise: Tensor, of key: any MarkKey) -> PublishedScore? {
        distance(noise, of: key).map {
            PublishedScore(source: "RingID", distance: $0, pValue: nil, reason: "RingID has a distance alone")
        }
    }

    /// For rings that were written by hand: the distance, reversed.
    public func resemblance(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> Double? {
        distance(noise, of: key).map { -$0 }
    }

    private func distance(_ noise: Tensor, of key: any MarkKey) -> Double? {
        guard let key = key as? RingIDKey else { return nil }
        var (sum, count) = (0.0, 0.0)
        for (channel, coefficients) in key.target(maps) {
            let spectrum = spectra(of: noise, [channel])[0]
            for entry in coefficients {
                let measured = spectrum[entry.index]
                sum += hypot(Double(measured.real) - entry.real, Double(measured.imaginary) - entry.imaginary)
                count += 1
            }
        }
        return sum / count
    }
}
