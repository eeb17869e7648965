import Marks
import Registration
import RingKeys
import Tensors
import Testing

/// What a search asks for the places that it tried.
@Suite struct SearchPriceTests {
    private static let shape = LatentShape(channels: 2, height: 24, width: 24)

    /// A share for each tier and for each of its lattices: 2·tiers times the places of one of them.
    @Test(arguments: [SearchExtent.upright, .full, .fine]) func everyPlaceIsPaidFor(extent: SearchExtent) throws {
        let geometry = try KeyGeometry(pattern: .spread, radius: 6, channels: nil, latentShape: Self.shape)
        let lattice = SearchLattice(extent, radius: 6)
        let keys = KeySet((0..<8).map { RingKey(name: "\($0)", geometry: geometry) }, searching: extent)
        let count = Double(2 * lattice.tiers.count)
        for seed in 1...3 {
            let noise = Tensor(normal: Self.shape.tensorShape(), seed: UInt64(seed))
            for match in try keys.search(noise, frame: ObservedFrame(), twoSided: false) {
                let tier = try #require(lattice.tiers.firstIndex { $0.name == match.sighting?.tier })
                #expect([count * lattice.coarseCount(tier), count * lattice.fineCount(tier)].contains(match.tries))
            }
        }
    }

    /// Maps times shifts, then 7 steps in each direction and 4 × 4 shifts between.
    @Test func theCountsAreThoseOfTheLattice() {
        for (extent, directions) in [(SearchExtent.full, [2, 4, 2]), (.fine, [2, 4, 4])] {
            let lattice = SearchLattice(extent, radius: 10)
            #expect(lattice.tiers.map(\.maps.count) == [23, 1224, 1008] && lattice.shiftSide == 32)
            for tier in 0..<3 {
                var fine = Double(lattice.tiers[tier].maps.count * 1024 * 16)
                #expect(lattice.coarseCount(tier) == fine / 16)
                for _ in 0..<directions[tier] { fine *= 7 }
                #expect(lattice.fineCount(tier) == fine)
            }
        }
    }

    /// The frame of a model of other proportions and a large disc would take minutes.
    @Test func largeDiscsAreNotSearchedFor() throws {
        func isSearched(_ height: Int, _ width: Int, _ radius: Double) throws -> Bool {
            let shape = LatentShape(channels: 1, height: height, width: width)
            let geometry = try KeyGeometry(pattern: .spread, radius: radius, channels: nil, latentShape: shape)
            return RingReader(geometry).makeSearch(.full) != nil
        }
        #expect(try isSearched(64, 64, 20) && !isSearched(64, 64, 20.5) && isSearched(48, 96, 10))
        #expect(try !isSearched(48, 96, 10.5))
        #expect(try !isSearched(64, 64, 3))
    }
}
