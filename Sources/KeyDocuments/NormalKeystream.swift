import Foundation

/// Normal numbers from a keystream (docs/key-format.md): little-endian 64-bit words, the upper 53 bits of each as a number
/// in (0, 1], Box and Muller.
package enum NormalKeystream {
    /// Bytes of keystream for some numbers.
    package static func length(_ count: Int) -> Int { (count + 1) / 2 * 16 }

    /// Turns a keystream into independent standard normal numbers.
    /// - Parameters:
    ///   - stream: `length` of the numbers' count.
    ///   - normals: all of it is written.
    package static func write(_ stream: UnsafeRawBufferPointer, to normals: UnsafeMutableBufferPointer<Double>) {
        precondition(
            stream.count == length(normals.count), "\(stream.count) bytes of keystream for \(normals.count) numbers")
        func uniform(_ index: Int) -> Double {
            let word = UInt64(littleEndian: stream.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
            return Double((word >> 11) + 1) * 0x1p-53
        }
        for pair in 0..<(normals.count + 1) / 2 {
            let radius = (-2 * log(uniform(2 * pair))).squareRoot()
            let angle = 2 * Double.pi * uniform(2 * pair + 1)
            normals[2 * pair] = radius * cos(angle)
            if 2 * pair + 1 < normals.count { normals[2 * pair + 1] = radius * sin(angle) }
        }
    }
}
