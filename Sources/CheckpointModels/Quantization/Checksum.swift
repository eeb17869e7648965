import Foundation

/// A fast 64-bit checksum that finds damage, not forgery.
///
/// The bytes are little-endian words w of 64 bits. Word i goes into lane i mod 4: lane ← rotl(lane + w·a, 31)·b modulo 2⁶⁴ with
/// a = 0xC2B2AE3D27D4EB4F and b = 0x9E3779B97F4A7C15; lane k begins as k + 1. The value begins as 0 and takes the number of
/// bytes, then the four lanes in order, in the same way. Each step is one to one in the lane and in the word, so that no
/// damage within one word is missed; any other is missed with a probability of about 2⁻⁶⁴.
package struct Checksum {
    /// Bytes of the value.
    package static let byteCount = 8
    /// Bytes are taken in multiples of this many.
    package static let blockSize = 32

    /// a and b. With one factor alone a word's highest bit would change a single bit of the lane, which the next word could
    /// change back.
    private static let factors: (word: UInt64, lane: UInt64) = (0xC2B2_AE3D_27D4_EB4F, 0x9E37_79B9_7F4A_7C15)

    private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    private var count: UInt64 = 0

    /// The checksum of nothing yet.
    package init() {}

    /// Takes the bytes that follow.
    /// - Parameter bytes: a multiple of `blockSize` of them, from any address on.
    package mutating func update(_ bytes: some ContiguousBytes) {
        bytes.withUnsafeBytes { take($0) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count % Self.blockSize == 0, "\(bytes.count) bytes in blocks of \(Self.blockSize)")
        guard let start = bytes.baseAddress else { return }
        // Lanes that do not wait for each other, in registers.
        var (first, second, third, fourth) = lanes
        var offset = 0
        while offset < bytes.count {
            first = Self.mixed(first, Self.word(start + offset))
            second = Self.mixed(second, Self.word(start + offset + 8))
            third = Self.mixed(third, Self.word(start + offset + 16))
            fourth = Self.mixed(fourth, Self.word(start + offset + 24))
            offset += Self.blockSize
        }
        lanes = (first, second, third, fourth)
        count &+= UInt64(bytes.count)
    }

    /// The checksum of all bytes so far.
    package var value: UInt64 {
        [count, lanes.0, lanes.1, lanes.2, lanes.3].reduce(0, Self.mixed)
    }

    /// The value, little-endian.
    package var bytes: [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

    private static func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        let sum = lane &+ word &* factors.word
        return (sum << 31 | sum >> 33) &* factors.lane
    }

    private static func word(_ address: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: address.loadUnaligned(as: UInt64.self))
    }
}
