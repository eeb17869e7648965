import RingKeys
import Spectra
import Synchronization

/// From a key's numbers to spectra: what the pattern P has, and what is left of it in marked noise.
///
/// Rings are painted with ℓ(1 + i) times their range. The reference takes the spectrum of the pattern's real part,
/// P(k) = ½(v(k) + conj v(-k)), puts it into the noise's spectrum inside the mask M and takes the real part again, so that marked
/// noise has F(k) = ½([k ∈ M] + [-k ∈ M]) P(k): half of P where only one of k and -k lies in M.
struct RingIDMaps: Sendable {
    /// κ to P, and κ to F.
    struct Pair: Sendable {
        let pattern: SpectralMap
        let marked: SpectralMap
    }

    /// M: unshifted indices, by rows of the shifted spectrum.
    let mask: [Int]
    /// Of a ring channel: one real number a ring, from the inner one on.
    let rings: Pair
    /// Of a noise channel: real and imaginary part of each pair k, -k.
    let noise: Pair

    private static let known = Mutex<[RingIDGeometry: RingIDMaps]>([:])
    private static let mostKnown = 16

    /// The maps of a geometry, which are drawn once: turning rings takes some milliseconds.
    static func of(_ geometry: RingIDGeometry) -> RingIDMaps {
        if let maps = known.withLock({ $0[geometry] }) { return maps }
        let maps = RingIDMaps(geometry)
        known.withLock { known in
            if known.count >= mostKnown { known = [:] }
            known[geometry] = maps
        }
        return maps
    }

    private init(_ geometry: RingIDGeometry) {
        let grid = FrequencyGrid(geometry.latentShape)
        let cells = RingRaster(
            side: geometry.rasterSide, radius: geometry.radius, innerRadius: geometry.innerRadius, grid
        ).rings
        let inside = Dictionary(uniqueKeysWithValues: cells.map { ($0.index, $0.ring) })
        mask = cells.map(\.index)
        func share(_ index: Int) -> Double {
            0.5 * Double((inside[index] == nil ? 0 : 1) + (inside[grid.opposite(index)] == nil ? 0 : 1))
        }
        rings = Self.rings(geometry, grid, inside, share)
        noise = Self.noise(grid, mask, inside, share)
    }

    private static func rings(
        _ geometry: RingIDGeometry, _ grid: FrequencyGrid, _ inside: [Int: Int], _ share: (Int) -> Double
    ) -> Pair {
        let unit = geometry.range / Double(grid.count).squareRoot()
        let touched = Set(inside.keys).union(inside.keys.map(grid.opposite)).sorted()
        var weights: [SpectralMap.Weight] = []
        for index in touched {
            let (y, x) = grid.frequency(at: index)
            let phase = geometry.isShifted && (y + x) % 2 != 0 ? -0.5 * unit : 0.5 * unit
            for (ring, sign) in [(inside[index], 1.0), (inside[grid.opposite(index)], -1.0)] {
                guard let ring else { continue }
                weights.append(
                    .init(number: ring - geometry.innerRadius - 1, index: index, real: phase, imaginary: sign * phase))
            }
        }
        let magnitudes = (geometry.innerRadius + 1...geometry.radius).map { Double($0) - 1 }
        return pair(weights, magnitudes, share)
    }

    private static func noise(
        _ grid: FrequencyGrid, _ mask: [Int], _ inside: [Int: Int], _ share: (Int) -> Double
    ) -> Pair {
        var weights: [SpectralMap.Weight] = []
        var magnitudes: [Double] = []
        for index in mask {
            let opposite = grid.opposite(index)
            guard inside[opposite] == nil || index < opposite else { continue }
            let weight = share(index) / 2.0.squareRoot()
            let first = magnitudes.count
            weights += [
                .init(number: first, index: index, real: weight, imaginary: 0),
                .init(number: first, index: opposite, real: weight, imaginary: 0),
                .init(number: first + 1, index: index, real: 0, imaginary: weight),
                .init(number: first + 1, index: opposite, real: 0, imaginary: -weight),
            ]
            magnitudes += [grid.magnitude(at: index), grid.magnitude(at: index)]
        }
        return pair(weights, magnitudes, share)
    }

    private static func pair(
        _ weights: [SpectralMap.Weight], _ magnitudes: [Double], _ share: (Int) -> Double
    ) -> Pair {
        let marked = weights.map { weight in
            let share = share(weight.index)
            return SpectralMap.Weight(
                number: weight.number, index: weight.index, real: share * weight.real,
                imaginary: share * weight.imaginary)
        }
        return Pair(
            pattern: SpectralMap(weights: weights, magnitudes: magnitudes),
            marked: SpectralMap(weights: marked, magnitudes: magnitudes))
    }
}
