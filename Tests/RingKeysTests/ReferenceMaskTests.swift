import Foundation
import RingKeys
import Tensors
import Testing

/// The mask is what an exported key of a constant has in it.
@Suite struct ReferenceMaskTests {
    private struct Case: Decodable {
        let height: Int
        let width: Int
        let radius: Int
        let cells: [Int]
    }

    private func cells(height: Int, width: Int, radius: Int) throws -> [Int] {
        let key = try RingKey(
            treeRing: .treeRingConst, noise: Tensor(zeros: [1, 1, height, width]), channel: 0, radius: radius,
            constant: 3, name: "mask")
        let values = try ReferenceFixtures.complex(key.referenceSpectrum)
        return (0..<height * width).filter { values[2 * $0] != 0 }
    }

    @Test func liesOneRowAboveDC() throws {
        let cells = try cells(height: 64, width: 64, radius: 10)
        #expect(cells.count == 317)
        #expect(cells.map { $0 / 64 }.min() == 21)
        #expect(cells.map { $0 / 64 }.max() == 41)
        #expect(cells.map { $0 % 64 }.min() == 22)
        #expect(cells.map { $0 % 64 }.max() == 42)
        // Frequencies whose mirror about DC (32, 32) lies outside.
        let inside = Set(cells)
        #expect(cells.count { !inside.contains((64 - $0 / 64) % 64 * 64 + (64 - $0 % 64) % 64) } == 40)
    }

    @Test func equalsNumPyOnEverySize() throws {
        let cases = try ReferenceFixtures.decode([Case].self, "masks.json")
        #expect(cases.count == 7)
        for expected in cases {
            let found = try cells(height: expected.height, width: expected.width, radius: expected.radius)
            #expect(found == expected.cells, "\(expected.height)×\(expected.width), radius \(expected.radius)")
        }
    }

    /// On an odd side the flip changes nothing, and DC is the middle.
    @Test func isSymmetricOnOddSides() throws {
        let cells = Set(try cells(height: 33, width: 33, radius: 7))
        #expect(cells.count > 100)
        for cell in cells { #expect(cells.contains((32 - cell / 33) * 33 + 32 - cell % 33)) }
    }
}
