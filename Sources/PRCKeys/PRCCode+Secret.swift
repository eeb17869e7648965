import Cryptography
import KeyDocuments

extension PRCCode {
    /// The code of a secret (docs/schemes/prc.md).
    init(_ geometry: PRCGeometry, secret: Secret) {
        let (length, others) = (geometry.length, geometry.checkWeight - 1)
        let first = length - geometry.checkCount
        var draws = KeyedDraws(secret, "checks")
        var chosen: [Int32] = []
        chosen.reserveCapacity(geometry.checkCount * others)
        for check in 0..<geometry.checkCount {
            let start = chosen.count
            while chosen.count < start + others {
                let element = Int32(draws.below(first + check))
                if !chosen[start...].contains(element) { chosen.append(element) }
            }
        }
        var order = Array(0..<length)
        var turns = KeyedDraws(secret, "order")
        for last in stride(from: length - 1, to: 0, by: -1) { order.swapAt(last, turns.below(last + 1)) }
        self.init(
            geometry, chosen: chosen, rows: KeyedDraws.bits(first * geometry.dimension, secret, "generator"),
            pad: KeyedDraws.bits(length, secret, "pad"), testBits: KeyedDraws.bits(geometry.testBits, secret, "test"),
            order: order)
    }
}

/// Numbers of a secret for one purpose: ChaCha20's keystream as little-endian words of 64 bits.
struct KeyedDraws {
    private let key: SecretBytes
    private var words: [UInt64] = []
    private var place = 0

    init(_ secret: Secret, _ purpose: String) { key = secret.derivedKey(context: "prc \(purpose)") }

    /// ⌊w·bound / 2⁶⁴⌋ of the next word w.
    mutating func below(_ bound: Int) -> Int {
        if place == words.count { extend() }
        defer { place += 1 }
        return Int(words[place].multipliedFullWidth(by: UInt64(bound)).high)
    }

    private mutating func extend() {
        let count = max(1 << 12, 2 * words.count)
        words = Sodium.chaCha20(8 * count, key: key).withUnsafeBytes { bytes in
            (0..<count).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
        }
    }

    /// The keystream's bits, the highest of a byte first.
    static func bits(_ count: Int, _ secret: Secret, _ purpose: String) -> [UInt8] {
        guard count > 0 else { return [] }
        return Sodium.chaCha20((count + 7) / 8, key: secret.derivedKey(context: "prc \(purpose)")).withUnsafeBytes {
            bytes in
            (0..<count).map { bytes[$0 / 8] >> UInt8(7 - $0 % 8) & 1 }
        }
    }
}
