import Foundation
import InputErrors
import NullModels
import KeyDocuments
import RingKeys
import Statistics
import Tensors

/// Keys of one geometry: what measures them, and the numbers of many.
struct KeyKind {
    let name: String
    /// Reads what all of them share.
    let reader: RingReader
    /// Numbers of each key, scaled to length 1.
    let keys: [[Float]]

    /// 2,000 keys of each kind: native ones from secrets by the tool's own derivation, those of the Tree-Ring package from
    /// seeded noise as the package takes them.
    static func all(_ shape: LatentShape, count: Int = 2000) throws -> [KeyKind] {
        let channels = Array(0..<shape.channels)
        let radius = min(10, Double(min(shape.height, shape.width)) / 2 - 1)
        func native(_ name: String, _ pattern: KeyGeometry.Pattern, _ channels: [Int]) throws -> KeyKind {
            let geometry = try KeyGeometry(pattern: pattern, radius: radius, channels: channels, latentShape: shape)
            return kind(
                name,
                try (0..<count).map { index in
                    let digits = String(index, radix: 16)
                    let text = String(repeating: "0", count: 64 - digits.count) + digits
                    guard let secret = Secret(hexadecimal: text) else {
                        throw InputError("secret", expected: "64 digits", found: text, as: .keyDocument)
                    }
                    return RingKey(name: name, geometry: geometry, secret: secret)
                })
        }
        return [
            try native("spread, all channels", .spread, channels), try native("spread, one channel", .spread, [0]),
            try native("ring, all channels", .ring, channels), try native("ring, one channel", .ring, [0]),
            kind(
                "Tree-Ring package's ring, one channel",
                try (0..<count).map { index in
                    try RingKey(
                        treeRing: .treeRingRing, noise: Tensor(normal: shape.tensorShape(), seed: UInt64(index + 1)),
                        channel: 0, radius: Int(radius), name: "seed \(index + 1)")
                }),
        ]
    }

    private static func kind(_ name: String, _ keys: [RingKey]) -> KeyKind {
        KeyKind(
            name: name, reader: RingReader(keys[0].geometry),
            keys: keys.map { key in
                let numbers = key.numbers
                let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return numbers.map { Float($0 / norm) }
            })
    }

    /// ln p of every key for one latent.
    func logPValues(_ latent: Tensor, null: NullModel?) throws -> [Double] {
        let statistic = try reader.read(null?.filtered(latent) ?? latent)
        let norm = statistic.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let unit = statistic.map { Float($0 / norm) }
        return keys.map { key in
            var sums = SIMD8<Float>()
            let whole = unit.count / 8 * 8
            for start in stride(from: 0, to: whole, by: 8) {
                for lane in 0..<8 { sums[lane] += unit[start + lane] * key[start + lane] }
            }
            var cosine = sums.sum()
            for i in whole..<unit.count { cosine += unit[i] * key[i] }
            return CosineTest.logPValue(cosine: Double(cosine), dimension: unit.count)
        }
    }
}
