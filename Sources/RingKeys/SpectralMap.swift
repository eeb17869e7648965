import LinearAlgebra
import Spectra

/// The linear map from a key's numbers κ to the spectrum F of a latent that carries them, one channel's part:
/// F(k) = √N · Σᵢ κᵢ wᵢ(k), N = h·w. White noise has E|F|² = N, so that κ of unit variance hides in it.
package struct SpectralMap: Sendable {
    /// One weight: number `number` adds `κ·(real + i·imaginary)` at frequency `index`.
    package struct Weight: Sendable {
        package let number: Int
        package let index: Int
        package let real: Double
        package let imaginary: Double

        package init(number: Int, index: Int, real: Double, imaginary: Double) {
            self.number = number
            self.index = index
            self.real = real
            self.imaginary = imaginary
        }
    }

    /// Numbers of one channel.
    package var count: Int { magnitudes.count }
    /// Over all frequencies, k and -k both.
    package let weights: [Weight]
    /// For plots: |k| of each number.
    package let magnitudes: [Double]

    /// A map of these weights.
    package init(weights: [Weight], magnitudes: [Double]) {
        self.weights = weights
        self.magnitudes = magnitudes
    }

    init(_ geometry: KeyGeometry) {
        let grid = FrequencyGrid(geometry.latentShape)
        switch geometry.pattern {
        case .ring: self.init(ringsOf: geometry, grid)
        case .spread: self.init(pairsOf: geometry, grid)
        case .treeRingRing: self.init(offCentreRingsOf: geometry, grid)
        case .treeRingRand, .treeRingZeros, .treeRingConst: self.init(offCentrePairsOf: geometry, grid)
        }
    }

    /// The native disc: |k| ≤ radius + ½, without the Nyquist row and column.
    private static func disc(_ geometry: KeyGeometry, _ grid: FrequencyGrid) -> [Int] {
        (0..<grid.count).filter { grid.magnitude(at: $0) <= geometry.radius + 0.5 && !grid.isNyquist($0) }
    }

    /// `ring`: number ⌊|k|/width⌋ times the phase of the origin.
    private init(ringsOf geometry: KeyGeometry, _ grid: FrequencyGrid) {
        let disc = Self.disc(geometry, grid)
        let rings = Set(disc.map { Int(grid.magnitude(at: $0) / geometry.ringWidth) }).sorted()
        let position = Dictionary(uniqueKeysWithValues: rings.enumerated().map { ($1, $0) })
        weights = disc.compactMap { index in
            guard let number = position[Int(grid.magnitude(at: index) / geometry.ringWidth)] else { return nil }
            let phase = geometry.phaseOrigin == .centre ? grid.centrePhase(at: index) : (1, 0)
            return Weight(number: number, index: index, real: phase.0, imaginary: phase.1)
        }
        magnitudes = rings.map { Double($0) * geometry.ringWidth }
    }

    /// `spread`: real and imaginary part of each pair k, -k of the disc, DC left out.
    private init(pairsOf geometry: KeyGeometry, _ grid: FrequencyGrid) {
        let half = Self.disc(geometry, grid).filter { index in
            let (y, x) = grid.frequency(at: index)
            return y > 0 || (y == 0 && x > 0)
        }.sorted { left, right in grid.frequency(at: left) < grid.frequency(at: right) }
        weights = half.enumerated().flatMap { pair, index in
            Self.pairWeights(first: 2 * pair, index: index, opposite: grid.opposite(index), share: 1)
        }
        magnitudes = half.flatMap { [grid.magnitude(at: $0), grid.magnitude(at: $0)] }
    }

    /// The package's rings. It paints v_r over ring r of a mask that is not symmetric about DC and takes the real part
    /// of the inverse transform, so that F(k) = ½(v_{r(k)} + conj v_{r(-k)}), either term only where the mask has it.
    private init(offCentreRingsOf geometry: KeyGeometry, _ grid: FrequencyGrid) {
        let rings = ReferenceMask(geometry).rings
        let weight = 0.5 / 2.0.squareRoot()
        var weights: [Weight] = []
        for (index, ring) in rings {
            let real = 2 * (ring - 1)
            let opposite = grid.opposite(index)
            weights.append(Weight(number: real, index: index, real: weight, imaginary: 0))
            weights.append(Weight(number: real, index: opposite, real: weight, imaginary: 0))
            weights.append(Weight(number: real + 1, index: index, real: 0, imaginary: weight))
            weights.append(Weight(number: real + 1, index: opposite, real: 0, imaginary: -weight))
        }
        self.weights = weights
        let count = Int(geometry.radius)
        magnitudes = (1...count).flatMap { [Double($0), Double($0)] }
    }

    /// The package's noise in the mask: the pair's number v, halved where only one of k and -k lies in the mask.
    private init(offCentrePairsOf geometry: KeyGeometry, _ grid: FrequencyGrid) {
        let mask = Set(ReferenceMask(geometry).indices)
        var weights: [Weight] = []
        var magnitudes: [Double] = []
        for index in ReferenceMask(geometry).indices {
            let opposite = grid.opposite(index)
            if opposite == index {
                weights.append(Weight(number: magnitudes.count, index: index, real: 1, imaginary: 0))
                magnitudes.append(grid.magnitude(at: index))
            } else if !mask.contains(opposite) || index < opposite {
                weights += Self.pairWeights(
                    first: magnitudes.count, index: index, opposite: opposite,
                    share: mask.contains(opposite) ? 1 : 0.5)
                magnitudes += [grid.magnitude(at: index), grid.magnitude(at: index)]
            }
        }
        self.weights = weights
        self.magnitudes = magnitudes
    }

    /// Numbers `first` and `first + 1` as real and imaginary part at k, conjugate at -k.
    private static func pairWeights(first: Int, index: Int, opposite: Int, share: Double) -> [Weight] {
        let weight = share / 2.0.squareRoot()
        return [
            Weight(number: first, index: index, real: weight, imaginary: 0),
            Weight(number: first, index: opposite, real: weight, imaginary: 0),
            Weight(number: first + 1, index: index, real: 0, imaginary: weight),
            Weight(number: first + 1, index: opposite, real: 0, imaginary: -weight),
        ]
    }

    /// G = WᵀW: the energy of each number and what two numbers share; also the covariance of Wᵀ applied to white noise.
    package func gram() -> SymmetricMatrix {
        var atIndex: [Int: [Weight]] = [:]
        for weight in weights { atIndex[weight.index, default: []].append(weight) }
        var diagonal = [Double](repeating: 0, count: count)
        var shared: [(Int, Int, Double)] = []
        for (_, group) in atIndex.sorted(by: { $0.key < $1.key }) {
            for a in group {
                for b in group {
                    let product = a.real * b.real + a.imaginary * b.imaginary
                    if a.number == b.number {
                        diagonal[a.number] += product
                    } else if product != 0 {
                        shared.append((a.number, b.number, product))
                    }
                }
            }
        }
        if shared.isEmpty { return .diagonal(diagonal) }
        var rows = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for i in 0..<count { rows[i][i] = diagonal[i] }
        for (i, j, product) in shared { rows[i][j] += product }
        return .dense(rows)
    }

    /// S = WᵀF/√N: what a spectrum has in the place of each number.
    /// - Parameter spectrum: of one channel.
    package func matched(_ spectrum: ComplexPlane) -> [Double] {
        var sums = [Double](repeating: 0, count: count)
        for weight in weights {
            let value = spectrum[weight.index]
            sums[weight.number] += weight.real * Double(value.real) + weight.imaginary * Double(value.imaginary)
        }
        let scale = 1 / Double(spectrum.height * spectrum.width).squareRoot()
        return sums.map { $0 * scale }
    }

    /// √N·Wκ: the spectrum of some numbers, at the frequencies that they reach, ascending.
    /// - Parameters:
    ///   - numbers: κ.
    ///   - planeCount: N.
    package func spectrum(
        of numbers: ArraySlice<Double>, planeCount: Int
    ) -> [(index: Int, real: Double, imaginary: Double)] {
        precondition(numbers.count == count, "\(numbers.count) numbers for \(count)")
        var sums: [Int: (real: Double, imaginary: Double)] = [:]
        let scale = Double(planeCount).squareRoot()
        for weight in weights {
            let number = numbers[numbers.startIndex + weight.number] * scale
            sums[weight.index, default: (0, 0)].real += number * weight.real
            sums[weight.index, default: (0, 0)].imaginary += number * weight.imaginary
        }
        return sums.map { ($0.key, $0.value.real, $0.value.imaginary) }.sorted { $0.index < $1.index }
    }
}
