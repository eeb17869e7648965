import Foundation
import RandomNumbers
import Registration
import Testing

/// The lattice that p-values are multiplied for: its size, and that nothing in its range lies between its points.
struct SearchLatticeTests {
    /// 23 scales; 8 flips and quarter turns of 17 sizes and 9 stretches; 2·56 turns of 9 sizes; 32² shifts.
    @Test func countsAreTheDeclaredOnes() {
        let lattice = SearchLattice(.full, radius: 10)
        #expect(lattice.tiers.map(\.name) == ["upright", "mirrored or stretched", "turned"])
        #expect(lattice.tiers.map(\.maps.count) == [23, 1224, 1008])
        #expect(lattice.shiftSide == 32)
        let directions: [[SearchLattice.Direction]] = [
            [.size, .stretch], [.size, .stretch, .turn, .shear], [.size, .turn],
        ]
        #expect(lattice.tiers.map(\.directions) == directions)
        for (tier, (maps, steps)) in [(23.0, 49.0), (1224, 2401), (1008, 49)].enumerated() {
            #expect(lattice.coarseCount(tier) == maps * 1024)
            // Seven steps in each direction, and four times as many shifts along each side.
            #expect(lattice.fineCount(tier) == maps * 1024 * steps * 16)
        }
    }

    @Test func extentsAreNested() {
        #expect(SearchLattice(.none, radius: 10).tiers.isEmpty)
        let (upright, full) = (SearchLattice(.upright, radius: 8), SearchLattice(.full, radius: 8))
        #expect(upright.tiers.map(\.name) == ["upright"] && upright.tiers[0].maps == full.tiers[0].maps)
        for lattice in [upright, full] {
            #expect(lattice.tiers[0].maps.contains(.identity))
            #expect(lattice.tiers[0].maps.allSatisfy { $0.xy == 0 && $0.yx == 0 && $0.xx > 0 && $0.yy > 0 })
        }
        for tier in full.tiers { #expect(tier.maps.allSatisfy { abs($0.determinant) > 1e-3 }) }
    }

    /// A grid of shifts that is too narrow for a frequency would take it for another.
    @Test func theGridOfShiftsHoldsEveryFrequency() {
        for radius in stride(from: 1, through: 40, by: 0.5) {
            for aspect in [1.0, 1.5, 2, 4, 0.6, 0.25] {
                let side = SearchLattice(.none, radius: radius, aspect: aspect).shiftSide
                let largest: Double = (radius + 0.5) * max(aspect, 1 / aspect)
                #expect(side % 2 == 0 && Double(side) > 2 * largest)
            }
        }
    }

    // MARK: - What lies within reach

    /// How far a map is from the nearest of a lattice, A⁻¹B - 1 as size, stretch, turn and shear: 1 where the fine lattice
    /// about A ends, with half a step of rounding. In directions in which it does not go on, a quarter of the distance of
    /// neighbours may remain.
    private func distance(_ map: LinearMap, _ lattice: SearchLattice) -> Double {
        lattice.tiers.flatMap { tier in
            let reach = SearchLattice.Direction.allCases.map { direction in
                tier.directions.contains(direction) ? Double(SearchLattice.fineReach) + 0.5 : 1.5
            }
            return tier.maps.map { coarse -> Double in
                let rest = coarse.inverse * map
                let parts = [
                    (rest.xx + rest.yy) / 2 - 1, (rest.xx - rest.yy) / 2, (rest.xy - rest.yx) / 2,
                    (rest.xy + rest.yx) / 2,
                ]
                return zip(parts, reach).map { abs($0) / (lattice.fineStep * $1) }.max() ?? .infinity
            }
        }.min() ?? .infinity
    }

    /// A similarity of pixels, from a generated frame of one proportion into a file of another, in units of both frames'
    /// sides.
    private func similarity(
        degrees: Double, size: Double, isMirrored: Bool, aspect: Double, stretch: Double
    ) -> LinearMap {
        let (own, file) = (aspect.squareRoot(), (aspect * stretch).squareRoot())
        return LinearMap.scale(x: 1 / file, y: file) * .scale(x: size, y: size) * .turn(degrees: degrees)
            * .scale(x: own, y: 1 / own) * (isMirrored ? .mirror : .identity)
    }

    @Test(arguments: [
        (10.0, 1.0, 1.0), (6, 1, 1), (14, 1, 1), (10, 1.5, 1), (10, 0.6, 1.4), (10, 1, 0.56), (10, 1, 1.78),
    ])
    func everySimilarityIsWithinReach(radius: Double, aspect: Double, stretch: Double) {
        let lattice = SearchLattice(.full, radius: radius, aspect: aspect, stretch: stretch)
        var generator = SeededGenerator(seed: 1)
        var farthest = 0.0
        for trial in 0..<60 {
            let degrees = 360 * generator.nextUniform()
            let map = similarity(
                degrees: degrees, size: exp(-0.42 + 1.12 * generator.nextUniform()), isMirrored: trial % 2 == 1,
                aspect: aspect, stretch: stretch)
            farthest = max(farthest, distance(map, lattice))
        }
        #expect(farthest <= 1)
    }

    /// Cut and scaled down to a third: one scale for both sides.
    @Test(arguments: [6.0, 10, 14]) func everyScaleIsWithinReachOfTheUprightTier(radius: Double) {
        let lattice = SearchLattice(.upright, radius: radius)
        let scales = (0...100).map { exp(-1.44 + 2.64 * Double($0) / 100) }
        #expect((scales.map { distance(.scale(x: $0, y: $0), lattice) }.max() ?? .infinity) <= 1)
        #expect(distance(.scale(x: 4, y: 4), lattice) > 1)
    }

    @Test(arguments: [6.0, 10]) func everyAspectIsWithinReach(radius: Double) {
        let lattice = SearchLattice(.full, radius: radius)
        var generator = SeededGenerator(seed: 2)
        let quarters = [0.0, 90, 180, 270].map { LinearMap.turn(degrees: $0) }
        var farthest = 0.0
        for trial in 0..<60 {
            let (size, stretch) = (-1.08 + 1.92 * generator.nextUniform(), -0.48 + 0.96 * generator.nextUniform())
            let turn = quarters[trial % 4] * (trial % 8 < 4 ? .identity : .mirror)
            farthest = max(farthest, distance(.scale(x: exp(size + stretch), y: exp(size - stretch)) * turn, lattice))
        }
        #expect(farthest <= 1)
    }

    /// A picture in the pixels of a file of other proportions has its own scales in the first tier; a file that is a hair
    /// off has not.
    @Test func aStretchedFileAddsItsOwnPixels() {
        let (plain, stretched) = (
            SearchLattice(.upright, radius: 10), SearchLattice(.upright, radius: 10, stretch: 1.6)
        )
        #expect(stretched.tiers[0].maps.count == 2 * plain.tiers[0].maps.count)
        #expect(Array(stretched.tiers[0].maps.prefix(23)) == plain.tiers[0].maps)
        let own = LinearMap.scale(x: 1 / 1.6.squareRoot(), y: 1.6.squareRoot())
        #expect(distance(own, stretched) < 1e-9 && distance(own, plain) > 1)
        #expect(SearchLattice(.upright, radius: 10, stretch: 1.005).tiers[0].maps == plain.tiers[0].maps)
    }

    /// A file of one column is no picture, and no trap.
    @Test(arguments: [1e-4, 0.01, 100, 1e4]) func extremeProportionsGiveMapsThatLeadBack(stretch: Double) {
        let lattice = SearchLattice(.full, radius: 10, stretch: stretch)
        #expect(lattice.tiers.map(\.maps.count).reduce(0, +) < 20_000)
        for map in lattice.tiers.flatMap(\.maps) {
            let back = map.inverse * map
            #expect(abs(back.xx - 1) + abs(back.yy - 1) + abs(back.xy) + abs(back.yx) < 1e-6)
        }
    }
}
