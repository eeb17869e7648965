import Foundation
import Pictures
import Tensors
import TestSupport
import Testing

/// What is missing of a picture, taken from what lies around it.
@Suite struct HoleFillingTests {
    private struct Golden: Decodable {
        let height, width: Int
        let picture: [Float]
        let mask: [Bool]
        let filled: [Float]
    }

    @Test func equalsNumPy() throws {
        let cases = try JSONDecoder().decode(
            [Golden].self, from: Data(contentsOf: Fixtures.url("Pictures/holes.json")))
        #expect(cases.count == 5)
        for golden in cases {
            let shape = [1, 3, golden.height, golden.width]
            let filled = HoleFilling.filled(Tensor(golden.picture, shape: shape), mask: golden.mask)
            // Means and interpolations of Floats between -1 and 1.
            expectClose(
                filled, Tensor(golden.filled, shape: shape), absolute: 1e-6, "\(golden.height)×\(golden.width)")
        }
    }

    /// Nothing that was there changes, and nothing leaves the range of what was there.
    @Test func whatIsThereStaysAsItIs() {
        let (height, width) = (21, 34)
        let picture = Tensor(normal: [1, 3, height, width], seed: 2)
        let mask = (0..<height * width).map { $0 % width > 12 && $0 / width != 7 }
        let filled = HoleFilling.filled(picture, mask: mask).elements
        let limits = picture.elements.enumerated().filter { mask[$0.offset % mask.count] }.map(\.element)
        for (index, value) in filled.enumerated() {
            if mask[index % mask.count] { #expect(value == picture.elements[index]) }
            #expect(value >= limits.min() ?? 0 && value <= limits.max() ?? 0)
        }
    }

    /// A hole in a page of one colour is that colour.
    @Test func aConstantIsContinued() {
        let mask = (0..<15 * 11).map { $0 == 40 }
        let page = Tensor((0..<3 * mask.count).map { [0.25, -0.5, 1][$0 / mask.count] }, shape: [1, 3, 15, 11])
        let holed = Tensor(page.elements.enumerated().map { mask[$0 % mask.count] ? $1 : 9 }, shape: page.shape)
        expectClose(HoleFilling.filled(holed, mask: mask), page, absolute: 1e-6)
    }
}
