import Files
import TensorFiles

/// Numbers of a checkpoint as float32.
package enum StoredNumbers {
    private static let lanes = 16
    /// Numbers behind those that are asked for, for those who read whole vectors.
    package static let slack = 64

    /// Reads consecutive numbers.
    /// - Parameters:
    ///   - type: float32, float16 or bfloat16.
    ///   - offset: bytes from the start of the file.
    ///   - body: takes the numbers, and `slack` zeros behind them.
    package static func read<Result>(
        _ count: Int, _ type: SafetensorsFile.ElementType, from file: RegularFile, at offset: Int,
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: count + slack) { numbers in
            numbers[count...].initialize(repeating: 0)
            let whole = UnsafeMutableBufferPointer(rebasing: numbers[..<count])
            if type == .float32 {
                try file.read(into: UnsafeMutableRawBufferPointer(whole), at: offset)
            } else {
                try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { halves in
                    try file.read(into: UnsafeMutableRawBufferPointer(halves), at: offset)
                    switch type {
                    case .float16: widen(halves, into: whole) { Self.float16($0) }
                    case .bfloat16: widen(halves, into: whole) { $0 &<< 16 }
                    default: preconditionFailure("numbers of type \(type)")
                    }
                }
            }
            return try body(numbers)
        }
    }

    /// The bits of float32 numbers from those of float16 numbers; an infinity or NaN stays one.
    private static func float16(_ bits: SIMD16<UInt32>) -> SIMD16<UInt32> {
        let magnitude = (bits & 0x7FFF) &<< 13
        // The exponents' biases differ by 112. Exact, also for numbers that are subnormal in float16.
        let value = unsafeBitCast(
            unsafeBitCast(magnitude, to: SIMD16<Float>.self) * 0x1p112, to: SIMD16<UInt32>.self)
        // 1 where the exponent is the highest.
        let isSpecial = (magnitude &+ 0x400 << 13) &>> 28
        return value | (0 &- isSpecial) & 0x7F80_0000 | (bits & 0x8000) &<< 16
    }

    private static func widen(
        _ halves: UnsafeMutableBufferPointer<UInt16>, into numbers: UnsafeMutableBufferPointer<Float>,
        _ bits: (SIMD16<UInt32>) -> SIMD16<UInt32>
    ) {
        let (source, target) = (UnsafeRawBufferPointer(halves), UnsafeMutableRawBufferPointer(numbers))
        var index = 0
        while index + lanes <= halves.count {
            let half = source.loadUnaligned(fromByteOffset: 2 * index, as: SIMD16<UInt16>.self)
            target.storeBytes(
                of: bits(SIMD16<UInt32>(truncatingIfNeeded: half)), toByteOffset: 4 * index, as: SIMD16<UInt32>.self)
            index += lanes
        }
        for index in index..<halves.count {
            numbers[index] = Float(bitPattern: bits(SIMD16(repeating: UInt32(halves[index])))[0])
        }
    }
}
