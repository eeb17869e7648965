import Foundation

/// The name of a file as the system has it: bytes, which need not be UTF-8.
///
/// Two names are equal where their bytes are. Strings are not: they call é equal to e with an accent after it, which are
/// two files.
public struct RawPath: Hashable, Sendable, CustomStringConvertible {
    /// The name without a final NUL.
    public let bytes: [UInt8]

    /// The name that a text stands for: its UTF-8 bytes, or what `text` made it from.
    public init(_ text: String) {
        let units = Array(text.utf8)
        bytes = units.contains(0) ? Self.decoded(units) : units
    }

    /// A name of any bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// The name to show where nothing can be escaped: what is not UTF-8 becomes U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `description` has all of the name.
    public var isText: Bool { description.utf8.elementsEqual(bytes) }

    /// All of the name as text, to be carried where text is wanted: a byte that belongs to no UTF-8 character stands as NUL
    /// and two hexadecimal digits. No name has a NUL of its own, so that `RawPath(text)` gives the same name back.
    public var text: String {
        if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) { return text }
        var text = String.UnicodeScalarView()
        var rest = bytes[...]
        while let first = rest.first {
            var parser = UTF8.ForwardParser()
            var source = rest.makeIterator()
            if first != 0, case .valid(let encoded) = parser.parseScalar(from: &source) {
                text.append(UTF8.decode(encoded))
                rest = rest.dropFirst(encoded.count)
            } else {
                text.append(contentsOf: "\0\(Self.digits(first))".unicodeScalars)
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The last part of the name.
    public var lastComponent: RawPath {
        var end = bytes.count
        while end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        let start = bytes[..<max(0, end - 1)].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return RawPath(bytes: Array(bytes[start..<end]))
    }

    /// What the system says of the file, links followed; nil where nothing has the name.
    package var status: stat? {
        var status = stat()
        return !bytes.contains(0) && withCString { stat($0, &status) } == 0 ? status : nil
    }

    /// The name of the same file without links in it; nil where nothing has the name.
    package var resolved: RawPath? {
        guard !bytes.contains(0), let place = withCString({ realpath($0, nil) }) else { return nil }
        defer { free(place) }
        return RawPath(bytes: UnsafeBufferPointer(start: place, count: strlen(place)).map { UInt8(bitPattern: $0) })
    }

    /// Whether the name is a folder's, links followed.
    package var isFolder: Bool { status.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

    /// Whether the name is a pipe's, links followed.
    package var isPipe: Bool { status.map { $0.st_mode & S_IFMT == S_IFIFO } ?? false }

    /// The name for a C function; a NUL within it would end it early.
    public func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        try (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else {
                preconditionFailure("an array of \(buffer.count) without memory")
            }
            return try body(start)
        }
    }

    private static func digits(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func decoded(_ units: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = units[...]
        while let unit = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if unit == 0, digits.count == 2, digits.allSatisfy(\.isHexDigit), let byte = UInt8(digits, radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(unit)
            }
        }
        return bytes
    }
}
