import Foundation
import InputErrors

#if _endian(big)
    #error("the file formats here are little-endian and read straight into memory")
#endif

/// Bytes that can be read at any offset, without loading all of them.
package protocol ByteSource: Sendable {
    /// What messages call it: the path of a file.
    var name: String { get }
    /// The number of bytes.
    var count: Int { get }
    /// Fills `target` with the bytes from `offset` on; throws where there are not enough.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

extension ByteSource {
    /// `count` bytes from `offset` on.
    package func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try array(of: UInt8.self, at: offset, count: count)
    }

    /// `count` little-endian values from `offset` on. `Element` must be a number or a vector of numbers.
    package func array<Element: BitwiseCopyable>(of type: Element.Type, at offset: Int, count: Int) throws -> [Element]
    {
        try Memory.require(count * MemoryLayout<Element>.stride, for: name)
        return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            try read(
                into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])), at: offset)
            initialized = count
        }
    }
}

/// Bytes in memory.
package struct MemoryBytes: ByteSource {
    package let name: String
    package let data: Data

    /// - Parameter name: stands for the bytes in errors.
    package init(name: String, data: Data) {
        self.name = name
        self.data = data
    }

    package var count: Int { data.count }

    package func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard offset >= 0, offset <= count, target.count <= count - offset else {
            throw InputError(
                name, expected: "\(target.count) bytes from byte \(offset) on", found: "\(count) bytes in all",
                as: .damaged)
        }
        guard !target.isEmpty else { return }
        let start = data.startIndex + offset
        data.copyBytes(to: target, from: start..<start + target.count)
    }
}
