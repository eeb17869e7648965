/// Conversion between Float and IEEE 754 binary16, in integer arithmetic without branches so that the loops are
/// vectorised on every processor (the language's own `Float16` calls a library function per element where the processor
/// is not known to convert).
public enum HalfPrecision {
    /// Widens `target.count` halves, exactly; infinities and NaN stay what they are.
    static func widen(_ source: UnsafePointer<UInt16>, to target: UnsafeMutableBufferPointer<Float>) {
        for i in target.indices { target.initializeElement(at: i, to: widen(source[i])) }
    }

    /// Rounds to the nearest half, ties to even; magnitudes from 65,520 become infinite.
    static func round(_ source: UnsafeBufferPointer<Float>, to target: UnsafeMutablePointer<UInt16>) {
        for i in source.indices { (target + i).initialize(to: round(source[i])) }
    }

    /// One half as Float.
    @inline(__always)
    public static func widen(_ half: UInt16) -> Float {
        let magnitude = UInt32(half & 0x7FFF) << 13
        // The exponent bias differs by 112; the product is exact, also where the half is subnormal.
        let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
        let special: UInt32 = magnitude >= 0x0F80_0000 ? 0x7F80_0000 : 0
        return Float(bitPattern: scaled | special | UInt32(half & 0x8000) << 16)
    }

    /// One Float as half.
    @inline(__always)
    public static func round(_ number: Float) -> UInt16 {
        let magnitude = number.bitPattern & 0x7FFF_FFFF
        let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
        // Subnormal: 0.5 has the half's smallest step as its last bit, so the addition rounds.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- Float(0.5).bitPattern
        let normal = (magnitude &- 112 << 23 &+ 0x0FFF &+ (magnitude >> 13 & 1)) >> 13
        let special: UInt32 = magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00
        let finite = magnitude < 0x3880_0000 ? subnormal : normal
        return UInt16(truncatingIfNeeded: magnitude >= 0x4780_0000 ? special : finite) | sign
    }
}
