import Foundation
import InputErrors
import Marks
import NullModels
import Registration
import Spectra
import Statistics
import Tensors

/// Looks for `spread` keys of one geometry in moved pictures (`AffineSearch`).
struct SpreadSearch: MarkSearch {
    /// The fewest numbers of a key that can pay for a search.
    static let fewestNumbers = 100
    /// The largest radius, times how much longer one side is than the other. Maps and shifts both grow with its square: at
    /// 20 a search takes sixteen times what it takes at 10.
    static let largestRadius = 20.0

    private let geometry: KeyGeometry
    /// Width by height of the frame.
    private let aspect: Double
    private let extent: SearchExtent
    /// One of each pair k, -k, in the order of a key's numbers.
    private let frequencies: [(x: Int, y: Int)]
    /// exp(2πi k·c) for the middle c of the plane, from which a search counts phases.
    private let phases: [(real: Double, imaginary: Double)]
    private let search: AffineSearch
    private let whitening: SelfWhitening

    /// The longer side of a plane over the shorter one.
    static func elongation(_ shape: LatentShape) -> Double {
        Double(max(shape.height, shape.width)) / Double(min(shape.height, shape.width))
    }

    init(_ geometry: KeyGeometry, _ map: SpectralMap, _ whitening: SelfWhitening, _ extent: SearchExtent) {
        self.geometry = geometry
        aspect = Double(geometry.latentShape.width) / Double(geometry.latentShape.height)
        self.extent = extent
        self.whitening = whitening
        let grid = FrequencyGrid(geometry.latentShape)
        let indices = stride(from: 0, to: map.weights.count, by: 4).map { map.weights[$0].index }
        frequencies = indices.map { index in
            let (y, x) = grid.frequency(at: index)
            return (x, y)
        }
        phases = indices.map { index in
            let (real, imaginary) = grid.centrePhase(at: index)
            return (real, -imaginary)
        }
        search = AffineSearch(
            frequencies: frequencies, channels: geometry.channels, shape: geometry.latentShape,
            shiftSide: SearchLattice(.none, radius: geometry.radius, aspect: aspect).shiftSide)
    }

    func sightings(
        of keys: [[Double]], in noise: Tensor, frame: ObservedFrame, twoSided: Bool
    ) throws -> [Sighting] {
        let latent = try evened(noise, frame)
        let lattice = lattice(frame)
        let found = search.sightings(
            of: keys.map(spectralKey), in: latent, over: lattice, twoSided: twoSided)
        return keys.indices.map { ranked(key: $0, found, lattice, twoSided).first ?? nothing(lattice) }
    }

    /// Where one key fits best: at most two places a tier, the best first; none where nothing can be read anywhere.
    /// - Parameters:
    ///   - key: numbers of a key of the geometry.
    ///   - noise: `[1, C, h, w]`.
    ///   - frame: what is known of the frame that the noise shows.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: `InputError` for a NaN.
    func places(of key: [Double], in noise: Tensor, frame: ObservedFrame, twoSided: Bool) throws -> [Sighting] {
        let lattice = lattice(frame)
        let found = search.sightings(
            of: [spectralKey(key)], in: try evened(noise, frame), over: lattice, twoSided: twoSided)
        return ranked(key: 0, found, lattice, twoSided)
    }

    /// What keys of the geometry are held against in some places, on the scale and in the order of a key's numbers.
    func readings(of noise: Tensor, frame: ObservedFrame, at placements: [Placement]) throws -> [[Double]] {
        search.readings(in: try evened(noise, frame), at: placements).map(numbers)
    }

    /// No place was tested, so that none can be a find.
    func nothing(_ frame: ObservedFrame) -> Sighting { nothing(lattice(frame)) }

    private func nothing(_ lattice: SearchLattice) -> Sighting {
        Sighting(
            placement: Placement(.identity), tier: lattice.tiers[0].name,
            reading: [Double](repeating: 1, count: dimension), tries: .infinity)
    }

    private var dimension: Int { 2 * frequencies.count * geometry.channels.count }

    private func lattice(_ frame: ObservedFrame) -> SearchLattice {
        SearchLattice(extent, radius: geometry.radius, aspect: aspect, stretch: frame.stretch)
    }

    private func evened(_ noise: Tensor, _ frame: ObservedFrame) throws -> Tensor {
        let latent = whitening.whitened(noise, mask: frame.mask)
        guard latent.isFinite else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        return latent
    }

    /// K of a key, its phase counted from the plane's middle.
    private func spectralKey(_ numbers: [Double]) -> SpectralKey {
        SpectralKey(frequencies: frequencies.count, channels: geometry.channels.count) { pair, channel in
            let first = 2 * (channel * frequencies.count + pair)
            let (real, imaginary) = (numbers[first], numbers[first + 1])
            let phase = phases[pair]
            return (
                real * phase.real - imaginary * phase.imaginary, real * phase.imaginary + imaginary * phase.real
            )
        }
    }

    /// A key's sightings by their p-values after their price, the smallest first. Coarse and fine lattice of each tier have an
    /// equal share.
    private func ranked(
        key: Int, _ found: AffineSearch.Outcome, _ lattice: SearchLattice, _ twoSided: Bool
    ) -> [Sighting] {
        func tries(_ sighting: AffineSearch.Sighting) -> Double {
            Double(2 * lattice.tiers.count)
                * (sighting.isFine ? lattice.fineCount(sighting.tier) : lattice.coarseCount(sighting.tier))
        }
        func price(_ sighting: AffineSearch.Sighting) -> Double {
            CosineTest.logPValue(cosine: sighting.cosine, dimension: dimension, twoSided: twoSided)
                + log(tries(sighting))
        }
        return found.sightings[key].map { (price($0), $0) }.sorted { $0.0 < $1.0 }.map { _, sighting in
            Sighting(
                placement: sighting.placement, tier: lattice.tiers[sighting.tier].name,
                reading: numbers(found.reading(at: sighting.placement)), tries: tries(sighting))
        }
    }

    /// What was measured at one place, on the scale and in the order of a key's numbers.
    private func numbers(_ reading: [(real: Double, imaginary: Double)]) -> [Double] {
        reading.indices.flatMap { index -> [Double] in
            let (value, phase) = (reading[index], phases[index % phases.count])
            return [
                value.real * phase.real + value.imaginary * phase.imaginary,
                value.imaginary * phase.real - value.real * phase.imaginary,
            ]
        }
    }
}

extension RingReader {
    /// For `spread` keys of many numbers whose disc is not too large.
    public func makeSearch(_ extent: SearchExtent) -> (any MarkSearch)? {
        guard let selfWhitening, dimension >= SpreadSearch.fewestNumbers,
            geometry.radius * SpreadSearch.elongation(geometry.latentShape) <= SpreadSearch.largestRadius
        else { return nil }
        return SpreadSearch(geometry, map, selfWhitening, extent)
    }
}
