import Foundation
import Marks
import Tensors
import Verdicts

extension NoiseSketch {
    /// One unit of standard deviation.
    private static let unit = Float(32)

    /// The sketch of an image: every element of the noise is added, with a sign, to one of the sketch's numbers, both fixed by
    /// the element's place (count sketch, Charikar et al. 2002), so that products of sketches are on average products of
    /// noises.
    /// - Parameters:
    ///   - free: what no key of the family has numbers in.
    ///   - family: of the found key.
    ///   - picture: `[1, 3, H, W]`.
    init(_ free: FreeNoise, family: KeyFamily, picture: Tensor) {
        var sums = [Float](repeating: 0, count: Self.length)
        for (place, value) in free.values.elements.enumerated() {
            let word = Self.scattered(UInt64(place))
            sums[Int(word % UInt64(Self.length))] += word >> 63 == 0 ? value : -value
        }
        self.init(family: family.description, noise: Self.quantised(sums), picture: Self.fields(of: picture))
    }

    /// SplitMix64's mixing of a number (Steele et al. 2014).
    private static func scattered(_ number: UInt64) -> UInt64 {
        var word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    private static func quantised(_ numbers: [Float]) -> [Int8] {
        let power = numbers.reduce(0) { $0 + $1 * $1 } / Float(numbers.count)
        guard power > 0 else { return numbers.map { _ in 0 } }
        let scale = unit / power.squareRoot()
        return numbers.map { Int8(max(-127, min(127, ($0 * scale).rounded()))) }
    }

    /// Mean colours of 8 × 8 fields of a picture from -1 to 1, 0 to 255.
    private static func fields(of picture: Tensor) -> [UInt8] {
        let (height, width) = (picture.shape[2], picture.shape[3])
        var sums = [Float](repeating: 0, count: pictureLength)
        var counts = sums
        for (place, sample) in picture.elements.enumerated() {
            let (channel, row, column) = (place / width / height, place / width % height, place % width)
            let field = 64 * channel + 8 * (row * 8 / height) + column * 8 / width
            sums[field] += sample
            counts[field] += 1
        }
        return zip(sums, counts).map { UInt8(max(0, min(255, (127.5 * ($0 / max(1, $1) + 1)).rounded()))) }
    }
}
