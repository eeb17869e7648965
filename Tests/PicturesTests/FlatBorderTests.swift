import Foundation
import Pictures
import RandomNumbers
import Testing

/// Which pixels of a picture are a flat border.
@Suite struct FlatBorderTests {
    /// A picture of noise, where a function does not say another colour.
    private func picture(
        _ width: Int, _ height: Int, seed: UInt64 = 1, colour: (Int, Int) -> (Int, Int, Int)? = { _, _ in nil }
    ) -> RGBImage {
        var generator = SeededGenerator(seed: seed)
        var pixels: [UInt8] = []
        for index in 0..<width * height {
            let noise = (0..<3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let (x, y) = (index % width, index / width)
            pixels += colour(x, y).map { [UInt8($0.0), UInt8($0.1), UInt8($0.2)] } ?? noise
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    @Test func aPictureWithoutABorderHasNoMask() { #expect(FlatBorder.mask(of: picture(40, 30)) == nil) }

    /// Bars of 8 rows, grown by two.
    @Test func barsAreMaskedAndGrown() throws {
        let image = picture(48, 40) { _, y in y < 8 || y >= 32 ? (7, 7, 9) : nil }
        let mask = try #require(FlatBorder.mask(of: image))
        for (index, isShown) in mask.enumerated() { #expect(isShown == (10..<30).contains(index / 48)) }
    }

    /// An area of each colour, at the left and at the right, of different widths.
    @Test func sidesMayHaveTheirOwnColours() throws {
        let image = picture(50, 33) { x, _ in x < 5 ? (255, 255, 255) : x >= 40 ? (20, 90, 20) : nil }
        let mask = try #require(FlatBorder.mask(of: image))
        for (index, isShown) in mask.enumerated() { #expect(isShown == (7..<38).contains(index % 50)) }
    }

    /// The corners that a turn leaves; the growth is a square.
    @Test func cornersOfATurnedPictureAreMasked() throws {
        let side = 64
        func isOutside(_ x: Int, _ y: Int) -> Bool {
            let (u, v) = (Double(x) - 31.5, Double(y) - 31.5)
            return max(abs(u * cos(0.5) - v * sin(0.5)), abs(u * sin(0.5) + v * cos(0.5))) > 29
        }
        let image = picture(side, side) { x, y in isOutside(x, y) ? (0, 0, 0) : nil }
        let mask = try #require(FlatBorder.mask(of: image))
        for (index, isShown) in mask.enumerated() {
            let (x, y) = (index % side, index / side)
            let isNear = (max(0, y - 2)...min(side - 1, y + 2)).contains { y in
                (max(0, x - 2)...min(side - 1, x + 2)).contains { isOutside($0, y) }
            }
            #expect(isShown == !isNear)
        }
    }

    /// What compression leaves of a bar: most samples within three of the first.
    @Test func noisyBarsAreMasked() throws {
        var generator = SeededGenerator(seed: 5)
        let image = picture(60, 45) { x, _ in
            guard x < 15 else { return nil }
            let grain = Int(generator.next() % 4)
            return (16 + grain, 16 + grain, 17 + Int(generator.next() % 3))
        }
        let mask = try #require(FlatBorder.mask(of: image))
        for (index, isShown) in mask.enumerated() { #expect(isShown == (index % 60 >= 17)) }
    }

    /// A blurred edge begins as gently as a sky; the bar itself is flat.
    @Test func blurredBarsAreMasked() throws {
        let image = picture(48, 120) { _, y in
            let level = y < 12 ? 0 : (y - 11) * (y - 10) / 2
            return level < 60 ? (level, level, level) : nil
        }
        let mask = try #require(FlatBorder.mask(of: image))
        // Up to level 3, and two rows more.
        for (index, isShown) in mask.enumerated() { #expect(isShown == (index / 48 >= 16)) }
    }

    /// A smooth sky has no edge where its colour has changed by the tolerance: it is a part of the picture.
    @Test(arguments: [1, 2, 4]) func aGradientSkyIsNoBorder(rows: Int) {
        let image = picture(64, 64) { _, y in y < 40 ? (60 + y / rows, 90 + y / rows, 200 - y / rows) : nil }
        #expect(FlatBorder.mask(of: image) == nil)
    }

    /// A flat thing inside a picture, and a small one at its edge.
    @Test func flatThingsThatAreNoBorderAreLeft() {
        #expect(
            FlatBorder.mask(
                of: picture(50, 40) { x, y in (10..<40).contains(x) && (8..<30).contains(y) ? (9, 9, 9) : nil }) == nil)
        #expect(FlatBorder.mask(of: picture(50, 40) { x, y in x < 4 && y < 4 ? (9, 9, 9) : nil }) == nil)
    }

    /// Nothing is left to look at: then all of it is looked at.
    @Test func aPageWithoutAPictureHasNoMask() {
        #expect(FlatBorder.mask(of: picture(40, 40) { _, _ in (1, 2, 3) }) == nil)
        #expect(FlatBorder.mask(of: picture(40, 40) { x, y in x == 20 && y == 20 ? nil : (1, 2, 3) }) == nil)
    }

    @Test(arguments: [(1, 1), (1, 40), (40, 1), (2, 3)]) func theSmallestPicturesAreNoTrap(width: Int, height: Int) {
        for image in [picture(width, height), picture(width, height) { _, _ in (0, 0, 0) }] {
            if let mask = FlatBorder.mask(of: image) { #expect(mask.count == width * height && mask.contains(true)) }
        }
    }
}
