import CheckpointModels
import Testing

@Suite struct ChecksumTests {
    private let bytes = (0..<256).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + $0 / 3) }

    private func checksum(_ parts: [UInt8]...) -> UInt64 {
        var checksum = Checksum()
        for part in parts { checksum.update(part) }
        return checksum.value
    }

    /// The definition, a byte and a bit at a time.
    private func plain(_ bytes: [UInt8]) -> UInt64 {
        func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
            var sum = lane &+ word &* 0xC2B2_AE3D_27D4_EB4F
            for _ in 0..<31 { sum = sum &* 2 + sum >> 63 }
            return sum &* 0x9E37_79B9_7F4A_7C15
        }
        var lanes: [UInt64] = [1, 2, 3, 4]
        for word in 0..<bytes.count / 8 {
            let number = (0..<8).reduce(UInt64(0)) { $0 + UInt64(bytes[8 * word + $1]) << (8 * UInt64($1)) }
            lanes[word % 4] = mixed(lanes[word % 4], number)
        }
        return ([UInt64(bytes.count)] + lanes).reduce(0, mixed)
    }

    @Test(arguments: [0, 32, 64, 96, 256]) func valuesAreThoseOfThePlainLoop(_ count: Int) {
        #expect(checksum(Array(bytes.prefix(count))) == plain(Array(bytes.prefix(count))))
        #expect(checksum([UInt8](repeating: 0, count: count)) == plain([UInt8](repeating: 0, count: count)))
    }

    @Test func partsAreAsTheWhole() {
        #expect(checksum(Array(bytes[..<32]), [], Array(bytes[32..<160]), Array(bytes[160...])) == checksum(bytes))
        var checksum = Checksum()
        checksum.update(([0] + bytes)[1...])
        #expect(checksum.value == plain(bytes))
        #expect(checksum.bytes == withUnsafeBytes(of: plain(bytes).littleEndian, Array.init))
    }

    /// One bit, two highest bits of a lane, words that change places, more zeros.
    @Test func damageChangesIt() {
        var values: Set<UInt64> = [checksum(bytes), checksum(bytes + [UInt8](repeating: 0, count: 32))]
        var count = 2
        func add(_ change: (inout [UInt8]) -> Void) {
            var wrong = bytes
            change(&wrong)
            values.insert(checksum(wrong))
            count += 1
        }
        for bit in 0..<bytes.count * 8 { add { $0[bit / 8] ^= 1 << UInt8(bit % 8) } }
        for word in stride(from: 32, to: 256, by: 32) {
            add {
                $0[7] ^= 0x80
                $0[word + 7] ^= 0x80
            }
        }
        for word in stride(from: 8, to: 256, by: 8) { add { for byte in 0..<8 { $0.swapAt(byte, word + byte) } } }
        #expect(values.count == count)
    }
}
