import InputErrors
import RingKeys
import Tensors
import TestSupport
import Testing

@Suite struct KeyGeometryTests {
    private static let latent = LatentShape(channels: 4, height: 64, width: 64)

    /// Dimensions of one channel, counted by hand or by the script that made the golden spectra.
    @Test(arguments: [
        // Rings 0 ... 10; 349 lattice points within 10.5 of DC, DC left out.
        (KeyGeometry.Pattern.ring, 10.0, 1.0, 64, 64, 11), (.spread, 10, 1, 64, 64, 348),
        // 0, 1, 2 and 3 by rings of 1.5: ⌊|k|/1.5⌋ = 0, 1, 2.
        (.ring, 3, 1.5, 12, 9, 3), (.ring, 3, 3, 12, 9, 2),
        (.spread, 1, 1, 8, 8, 8), (.ring, 1, 1, 4, 4, 2),
    ])
    func dimension(
        pattern: KeyGeometry.Pattern, radius: Double, width: Double, height: Int, columns: Int, dimension: Int
    ) throws {
        let geometry = try KeyGeometry(
            pattern: pattern, radius: radius, ringWidth: width, channels: [0],
            latentShape: LatentShape(channels: 1, height: height, width: columns))
        #expect(RingReader(geometry).dimension == dimension)
    }

    @Test func channelsAreSortedAndMultiplyTheDimension() throws {
        let geometry = try KeyGeometry(pattern: .spread, radius: 10, channels: [3, 0, 2], latentShape: Self.latent)
        #expect(geometry.channels == [0, 2, 3])
        #expect(RingReader(geometry).dimension == 3 * 348)
        #expect(
            geometry.canonicalText == "spread radius=10 width=1 channels=0,2,3 latent=4x64x64 phase=centre")
    }

    typealias Row = (radius: Double, width: Double, channels: [Int], shape: LatentShape, named: String)
    static let rows: [Row] = [
        (0.0, 1.0, [0], latent, "radius"), (0.99, 1, [0], latent, "radius"), (31.5, 1, [0], latent, "radius"),
        (Double.nan, 1, [0], latent, "radius"), (-.infinity, 1, [0], latent, "radius"),
        (10, 0, [0], latent, "width"), (10, 11, [0], latent, "width"), (10, .nan, [0], latent, "width"),
        (10, 1, [], latent, "channels"), (10, 1, [4], latent, "channels"), (10, 1, [-1], latent, "channels"),
        (10, 1, [1, 1], latent, "channels"),
        (1, 1, [0], LatentShape(channels: 4, height: 3, width: 64), "latent shape"),
        (1, 1, [0], LatentShape(channels: 0, height: 64, width: 64), "latent shape"),
        (1, 1, [0], LatentShape(channels: 4, height: 64, width: 1025), "latent shape"),
        (1, 1, [0], LatentShape(channels: -4, height: -64, width: -64), "latent shape"),
        (500, 1, [0, 1], LatentShape(channels: 4, height: 1024, width: 1024), "frequencies"),
    ]

    @Test(arguments: rows)
    func refuses(_ row: Row) {
        let error = #expect(throws: InputError.self) {
            try KeyGeometry(
                pattern: .ring, radius: row.radius, ringWidth: row.width, channels: row.channels,
                latentShape: row.shape, subject: "demo.json")
        }
        #expect(error?.code == .invalidSetting && error?.subject == "demo.json")
        #expect(error?.expected.contains(row.named) == true, "\(String(describing: error))")
    }

    @Test func treeRingKeysHaveWholeRadii() {
        for (pattern, radius, width) in [(KeyGeometry.Pattern.treeRingRing, 4.5, 1.0), (.treeRingRand, 4, 2)] {
            let code = refusalCode {
                try KeyGeometry(
                    pattern: pattern, radius: radius, ringWidth: width, channels: [0], latentShape: Self.latent)
            }
            #expect(code == .invalidSetting, "\(pattern)")
        }
    }
}
