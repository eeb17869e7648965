import OnnxModels
import OnnxSessions
import Testing

/// Against the language's own Float16, bit for bit.
struct HalfPrecisionTests {
    @Test func widensEveryHalf() {
        for bits in UInt16.min...UInt16.max {
            let expected = Float(Float16(bitPattern: bits))
            let actual = HalfPrecision.widen(bits)
            #expect(actual.bitPattern == expected.bitPattern || (actual.isNaN && expected.isNaN), "half \(bits)")
        }
    }

    @Test func roundsAsFloat16Does() {
        // Every exponent, with mantissas at, just above and just below the halfway points.
        for high in UInt32(0)...0xFFFF {
            for low: UInt32 in [0, 1, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0xFFFF] {
                let number = Float(bitPattern: high << 16 | low)
                let expected = Float16(number)
                let actual = Float16(bitPattern: HalfPrecision.round(number))
                #expect(
                    actual.bitPattern == expected.bitPattern || (actual.isNaN && expected.isNaN), "\(number)")
            }
        }
    }
}
