import Foundation
import Registration
import Tensors
import TestSupport
import Testing

/// Marks that were moved by a known map are found where they are.
struct AffineSearchTests {
    private static let square = LatentShape(channels: 3, height: 28, width: 28)
    private static let wide = LatentShape(channels: 5, height: 24, width: 33)
    private static let radius = 8.0

    private struct Setting {
        let mark: MovedMark
        let search: AffineSearch
        let lattice: SearchLattice

        init(_ shape: LatentShape, _ extent: SearchExtent = .full, seed: UInt64 = 1) {
            mark = MovedMark(seed: seed, radius: radius, shape: shape)
            lattice = SearchLattice(
                extent, radius: radius, aspect: Double(shape.width) / Double(shape.height))
            search = AffineSearch(
                frequencies: mark.frequencies, channels: Array(0..<shape.channels), shape: shape,
                shiftSide: lattice.shiftSide)
        }

        func sightings(in latent: Tensor, twoSided: Bool = false) -> [AffineSearch.Sighting] {
            search.sightings(of: [mark.key], in: latent, over: lattice, twoSided: twoSided).sightings[0]
        }

        func best(in latent: Tensor, twoSided: Bool = false) -> AffineSearch.Sighting? {
            sightings(in: latent, twoSided: twoSided).max { abs($0.cosine) < abs($1.cosine) }
        }
    }

    private static func noise(_ shape: LatentShape, _ seed: UInt64 = 9) -> Tensor {
        Tensor(normal: shape.tensorShape(), seed: seed)
    }

    /// In a frame whose sides are 1.
    private static func turn(_ degrees: Double, _ shape: LatentShape) -> LinearMap {
        let side = (Double(shape.width) / Double(shape.height)).squareRoot()
        return LinearMap.scale(x: 1 / side, y: side) * .turn(degrees: degrees) * .scale(x: side, y: 1 / side)
    }

    private struct Move: Sendable {
        let name: String
        let map: @Sendable (LatentShape) -> LinearMap
        let shift: (x: Double, y: Double)
        let tier: Int

        init(
            _ name: String, _ tier: Int, shift: (x: Double, y: Double) = (0, 0),
            map: @escaping @Sendable (LatentShape) -> LinearMap
        ) {
            (self.name, self.map, self.shift, self.tier) = (name, map, shift, tier)
        }
    }

    private static let moves = [
        Move("in its place", 0) { _ in .identity },
        Move("shifted", 0, shift: (0.23, -0.11)) { _ in .identity },
        Move("cut", 0, shift: (0.1, -0.13)) { _ in .scale(x: 1.4, y: 1.4) },
        Move("a part of the frame", 0, shift: (0.12, 0.05)) { _ in .scale(x: 0.7, y: 0.7) },
        Move("mirrored", 1) { _ in .mirror },
        Move("quarter turn", 1) { _ in .turn(degrees: 90) },
        Move("stretched", 1, shift: (-0.08, 0.02)) { _ in .scale(x: 1.45, y: 0.95) },
        Move("turned", 2) { turn(36, $0) },
        Move("turned clockwise and shifted", 2, shift: (0.05, 0.1)) { turn(-20, $0) * .scale(x: 1.2, y: 1.2) },
        Move("mirrored and turned", 2) { turn(140, $0) * .mirror },
    ]

    /// With as much white noise again. The corners of the frame are told within a twentieth of its sides.
    @Test(arguments: moves.indices, [square, wide]) func movedMarksAreFoundWhereTheyAre(move: Int, shape: LatentShape)
        throws
    {
        let (name, shift, tier) = (Self.moves[move].name, Self.moves[move].shift, Self.moves[move].tier)
        let map = Self.moves[move].map
        let setting = Setting(shape)
        let latent = setting.mark.observed(map(shape), shift: shift) + Self.noise(shape)
        let best = try #require(setting.best(in: latent))
        #expect(best.tier == tier && best.cosine > 0.4, "\(name): \(best.tier), \(best.cosine)")
        let expected = Placement(map(shape), shift: shift)
        for (corner, own) in zip(best.placement.corners, expected.corners) {
            #expect(
                hypot(corner.x - own.x, corner.y - own.y) < 0.05, "\(name): \(best.placement), expected \(expected)")
        }
        #expect(best.placement.isMirrored == expected.isMirrored)
    }

    /// ⟨F, K⟩/‖F‖‖K‖ in Double, of what the sighting says it was held against.
    @Test(arguments: [square, wide]) func theCosineIsThatOfTheReading(shape: LatentShape) {
        let setting = Setting(shape)
        let latent = setting.mark.observed(.turn(degrees: 90), shift: (0.1, 0)) + Self.noise(shape)
        let outcome = setting.search.sightings(
            of: [setting.mark.key], in: latent, over: setting.lattice, twoSided: true)
        let found = outcome.sightings[0]
        #expect(
            found.map(\.tier) == [0, 0, 1, 1, 2, 2] && found.map(\.isFine) == [false, true, false, true, false, true])
        let (frequencies, channels) = (setting.mark.frequencies.count, shape.channels)
        for sighting in found {
            let reading = outcome.reading(at: sighting.placement)
            #expect(reading.count == frequencies * channels)
            var (product, own, other) = (0.0, 0.0, 0.0)
            for (at, value) in reading.enumerated() {
                let coefficient = 2 * (at % frequencies * channels + at / frequencies)
                let (a, b) = (setting.mark.coefficients[coefficient], setting.mark.coefficients[coefficient + 1])
                product += value.real * a + value.imaginary * b
                own += value.real * value.real + value.imaginary * value.imaginary
                other += a * a + b * b
            }
            // Sums of a thousand Floats.
            #expect(abs(product / (own * other).squareRoot() - sighting.cosine) < 2e-5)
        }
    }

    /// A climb ends no lower than it began, on a point of the declared lattice.
    @Test func fineSightingsAreOnTheLatticeAndNoWorse() throws {
        let setting = Setting(Self.square)
        let latent = setting.mark.observed(Self.turn(38, Self.square)) + Self.noise(Self.square)
        let found = setting.search.sightings(
            of: [setting.mark.key], in: latent, over: setting.lattice, twoSided: false
        ).sightings[0]
        for pair in stride(from: 0, to: found.count, by: 2).map({ (found[$0], found[$0 + 1]) }) {
            #expect(pair.1.cosine >= pair.0.cosine)
            #expect(setting.lattice.tiers[pair.0.tier].maps.contains(pair.0.placement.map))
            let isOnLattice = setting.lattice.tiers[pair.1.tier].maps.contains { coarse in
                let rest = coarse.inverse * pair.1.placement.map
                let steps = [
                    (rest.xx + rest.yy) / 2 - 1, (rest.xx - rest.yy) / 2, (rest.xy - rest.yx) / 2,
                    (rest.xy + rest.yx) / 2,
                ].map { $0 / setting.lattice.fineStep }
                return steps.allSatisfy {
                    abs($0 - $0.rounded()) < 1e-6 && abs($0) < Double(SearchLattice.fineReach) + 0.5
                }
            }
            #expect(isOnLattice)
            let places = Double(setting.lattice.shiftSide * SearchLattice.fineShifts)
            for part in [pair.1.placement.shift.x, pair.1.placement.shift.y] {
                #expect(abs(part * places - (part * places).rounded()) < 1e-6)
            }
        }
    }

    @Test func reversedMarksAreFoundTwoSidedOnly() throws {
        let setting = Setting(Self.square)
        let latent = -1 * setting.mark.observed(.mirror) + Self.noise(Self.square)
        #expect(try #require(setting.best(in: latent, twoSided: true)).cosine < -0.5)
        #expect(try #require(setting.best(in: latent)).cosine < 0.4)
        #expect(try #require(setting.best(in: latent)).cosine > 0)
    }

    /// Keys share the spectrum and nothing else.
    @Test func companyChangesNothing() {
        let setting = Setting(Self.wide, .upright)
        let keys = (1...4).map { MovedMark(seed: $0, radius: Self.radius, shape: Self.wide).key }
        let latent = setting.mark.observed(.scale(x: 1.2, y: 1.2)) + Self.noise(Self.wide)
        let together = setting.search.sightings(of: keys, in: latent, over: setting.lattice, twoSided: false).sightings
        #expect(together.count == 4)
        for (key, found) in zip(keys, together) {
            let alone = setting.search.sightings(
                of: [key], in: latent, over: setting.lattice, twoSided: false
            ).sightings[0]
            #expect(alone.map(\.placement) == found.map(\.placement) && alone.map(\.cosine) == found.map(\.cosine))
        }
    }

    @Test func nothingIsSeenInNothing() {
        let setting = Setting(Self.square)
        let zeros = Tensor(zeros: Self.square.tensorShape())
        for twoSided in [false, true] {
            let found = setting.search.sightings(
                of: [setting.mark.key], in: zeros, over: setting.lattice, twoSided: twoSided
            ).sightings
            #expect(found.count == 1 && found[0].isEmpty)
        }
    }
}
