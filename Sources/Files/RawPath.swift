import Foundation

/// The name of a file as the system has it: bytes, which need not be UTF-8.
///
/// Two names are equal where their bytes are. Strings are not: they call é equal to e with an accent after it, which are
/// two files.
public struct RawPath: Hashable, Sendable, CustomStringConvertible {
    /// The name without a final NUL.
    public let bytes: [UInt8]

    /// The UTF-8 bytes of a text.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// A name of any bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// The name to show: what is not UTF-8 becomes U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `description` has all of the name.
    public var isText: Bool { description.utf8.elementsEqual(bytes) }

    /// The name for a C function; a NUL within it would end it early.
    public func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        try (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else {
                preconditionFailure("an array of \(buffer.count) without memory")
            }
            return try body(start)
        }
    }
}
