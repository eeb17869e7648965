import Foundation
import Spectra
import Synchronization
import Tensors

/// Looks for keys in a latent whose picture may have been turned, scaled, stretched, mirrored, cut or shifted.
///
/// If the observed frame is O = A(U + s), its spectrum has Û(k)·exp(-2πi k·s) at A⁻ᵀk. For every map A of a declared lattice
/// the latent's spectrum is read where the key's frequencies went, and one inverse transform gives the cosine with the key
/// at every shift. From the best maps of each tier a climb leads over the points of a finer declared lattice. Whatever is
/// tried, each cosine is one of a fixed number of functions of the latent, so that its p-value times that number holds.
public final class AffineSearch: Sendable {
    let frequencies: [SIMD2<Float>]
    let channels: [Int]
    private let side: Int
    let padded: PlaneTransform
    private let idle = Mutex<[ShiftCorrelation]>([])

    var blocks: Int { (channels.count + 3) / 4 }

    /// - Parameters:
    ///   - frequencies: x and y of the key's frequencies in cycles per side, one of each pair k, -k.
    ///   - channels: that carry the key.
    ///   - shape: of the latents.
    ///   - shiftSide: of the lattices that will be searched.
    public init(frequencies: [(x: Int, y: Int)], channels: [Int], shape: LatentShape, shiftSide: Int) {
        self.frequencies = frequencies.map { SIMD2(Float($0.x), Float($0.y)) }
        self.channels = channels
        side = shiftSide
        padded = OversampledSpectrum.transform(shape)
    }

    /// The best places of some keys in one latent.
    /// - Parameters:
    ///   - latent: `[1, C, h, w]`.
    ///   - keys: for the search's frequencies and channels.
    ///   - lattice: what is tried.
    ///   - twoSided: whether a cosine below 0 counts by its magnitude.
    public func sightings(
        of keys: [SpectralKey], in latent: Tensor, over lattice: SearchLattice, twoSided: Bool
    ) -> Outcome {
        precondition(lattice.shiftSide == side, "a lattice of \(lattice.shiftSide) shifts for a search of \(side)")
        let spectrum = OversampledSpectrum(latent, channels: channels, transform: padded)
        let correlation =
            idle.withLock { $0.popLast() }
            ?? ShiftCorrelation(side: side, frequencies: frequencies, blocks: blocks)
        defer { idle.withLock { $0.append(correlation) } }
        var found = [[Sighting]](repeating: [], count: keys.count)
        for tier in lattice.tiers.indices {
            let best = coarse(keys, spectrum, lattice.tiers[tier].maps, lattice.climbs, correlation, twoSided)
            for key in keys.indices {
                guard let first = best[key].first else { continue }
                found[key].append(sighting(first.linear, Climb(first), lattice, tier, isFine: false))
                let climbed = best[key].map { ($0.linear, climb(from: $0, keys[key], spectrum, lattice, tier)) }
                if let fine = climbed.max(by: { abs($0.1.cosine) < abs($1.1.cosine) }) {
                    found[key].append(sighting(fine.0, fine.1, lattice, tier, isFine: true))
                }
            }
        }
        return Outcome(sightings: found, spectrum: spectrum, search: self)
    }

    // MARK: - The coarse lattice

    /// A map with its best shift.
    private struct Candidate {
        let linear: LinearMap
        /// In places of the grid.
        let shift: (x: Int, y: Int)
        let cosine: Float
    }

    /// The best maps of a tier for each key, the best first.
    private func coarse(
        _ keys: [SpectralKey], _ spectrum: OversampledSpectrum, _ maps: [LinearMap], _ count: Int,
        _ correlation: ShiftCorrelation, _ twoSided: Bool
    ) -> [[Candidate]] {
        var best = [[Candidate]](repeating: [], count: keys.count)
        var sampled = [SIMD8<Float>](repeating: .zero, count: frequencies.count * blocks)
        sampled.withUnsafeMutableBufferPointer { sampled in
            for map in maps {
                let squares = spectrum.sample(frequencies, mappedBy: map.ofFrequencies, into: sampled)
                guard squares > 0 else { continue }
                for key in keys.indices {
                    let plane = correlation.correlate(UnsafeBufferPointer(sampled), with: keys[key])
                    // The transform gives twice the correlation.
                    let scale = 0.5 / (squares.squareRoot() * keys[key].norm)
                    let least = best[key].count < count ? 0 : abs(best[key][count - 1].cosine)
                    guard let peak = Self.peak(of: plane, above: least / scale, twoSided) else { continue }
                    let candidate = Candidate(
                        linear: map, shift: (peak % side, peak / side), cosine: plane[peak] * scale)
                    let place = best[key].firstIndex { abs($0.cosine) < abs(candidate.cosine) } ?? best[key].count
                    best[key].insert(candidate, at: place)
                    if best[key].count > count { best[key].removeLast() }
                }
            }
        }
        return best
    }

    /// The place of the largest value, or of the largest magnitude; nil where nothing is above a bound.
    private static func peak(of plane: UnsafeBufferPointer<Float>, above least: Float, _ twoSided: Bool) -> Int? {
        var highest = SIMD8<Float>(repeating: -.infinity)
        var lowest = SIMD8<Float>(repeating: .infinity)
        let whole = plane.count / 8 * 8
        plane.withMemoryRebound(to: SIMD8<Float>.self) { vectors in
            for vector in vectors.prefix(whole / 8) {
                highest.replace(with: vector, where: vector .> highest)
                lowest.replace(with: vector, where: vector .< lowest)
            }
        }
        var (largest, smallest) = (highest.max(), lowest.min())
        for value in plane[whole...] {
            largest = max(largest, value)
            smallest = min(smallest, value)
        }
        let wanted = twoSided && -smallest > largest ? smallest : largest
        return abs(wanted) > least && (twoSided || wanted > 0) ? plane.firstIndex(of: wanted) : nil
    }

    private func sighting(
        _ map: LinearMap, _ point: Climb, _ lattice: SearchLattice, _ tier: Int,
        isFine: Bool
    ) -> Sighting {
        let places = Double(side * SearchLattice.fineShifts)
        let placement = Placement(
            lattice.fine(map, steps: point.steps),
            shift: (Double(point.shift.x) / places, Double(point.shift.y) / places))
        return Sighting(
            placement: placement, cosine: Double(point.cosine), tier: tier, isFine: isFine)
    }

    // MARK: - The fine lattice

    /// A point of the fine lattice about a map.
    private struct Climb {
        var steps = SIMD4<Int>.zero
        /// In places of the fine grid.
        var shift: SIMD2<Int>
        var cosine: Float

        init(_ candidate: Candidate) {
            shift = SIMD2(candidate.shift.x, candidate.shift.y) &* SearchLattice.fineShifts
            cosine = candidate.cosine
        }

        /// The neighbours at a distance, in each direction; without those that the lattice does not have.
        func neighbours(_ stride: Int, _ directions: [SearchLattice.Direction]) -> [Climb] {
            [stride, -stride].flatMap { step in
                let maps = directions.compactMap { direction -> Climb? in
                    var next = self
                    next.steps[direction.rawValue] += step
                    return abs(next.steps[direction.rawValue]) <= SearchLattice.fineReach ? next : nil
                }
                let shifts = (0..<2).map { axis in
                    var next = self
                    next.shift[axis] += step
                    return next
                }
                return maps + shifts
            }
        }
    }

    /// Goes from neighbour to neighbour while the cosine's magnitude grows, first by two steps, then by one.
    private func climb(
        from candidate: Candidate, _ key: SpectralKey, _ spectrum: OversampledSpectrum, _ lattice: SearchLattice,
        _ tier: Int
    ) -> Climb {
        var sampled = [SIMD8<Float>](repeating: .zero, count: frequencies.count * blocks)
        return sampled.withUnsafeMutableBufferPointer { sampled in
            func cosine(_ point: Climb) -> Float {
                let map = lattice.fine(candidate.linear, steps: point.steps).ofFrequencies
                let squares = spectrum.sample(frequencies, mappedBy: map, into: sampled)
                guard squares > 0 else { return 0 }
                return correlation(UnsafeBufferPointer(sampled), key, point.shift) / (squares.squareRoot() * key.norm)
            }
            let sign: Float = candidate.cosine < 0 ? -1 : 1
            var best = Climb(candidate)
            for stride in [2, 1] {
                var hasGrown = true
                while hasGrown {
                    hasGrown = false
                    for var next in best.neighbours(stride, lattice.tiers[tier].directions) {
                        next.cosine = cosine(next)
                        guard sign * next.cosine > sign * best.cosine else { continue }
                        best = next
                        hasGrown = true
                    }
                }
            }
            return best
        }
    }

    /// Re Σ F·K̄·exp(2πi k·s) at one shift.
    private func correlation(
        _ spectrum: UnsafeBufferPointer<SIMD8<Float>>, _ key: SpectralKey, _ shift: SIMD2<Int>
    ) -> Float {
        let turn = 2 * Float.pi / Float(side * SearchLattice.fineShifts)
        let (x, y) = (turn * Float(shift.x), turn * Float(shift.y))
        var sum: Float = 0
        for (index, frequency) in frequencies.enumerated() {
            let (real, imaginary) = ShiftCorrelation.product(spectrum, key, index, blocks)
            let angle = frequency.x * x + frequency.y * y
            sum += real * cos(angle) - imaginary * sin(angle)
        }
        return sum
    }
}
