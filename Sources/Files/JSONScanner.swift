import Foundation

/// Reads the members that are wanted out of a JSON text (RFC 8259) and passes over the rest without building it.
///
/// What is read is held to every rule of JSON, unlike in most libraries: a number without a fraction is told from one
/// with, and names that come twice are given twice. Of strings that are passed over only the end is found.
package struct JSONScanner {
    static let deepestNesting = 64

    let bytes: UnsafeBufferPointer<UInt8>
    /// The place of the next byte.
    package internal(set) var position = 0

    /// - Parameter bytes: the text, in memory that outlasts the scanner.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The first byte of what comes next; 0 at the end.
    mutating func peek() -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            if byte != 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return byte }
            position += 1
        }
        return 0
    }

    /// Nothing but blanks may be left.
    package mutating func expectEnd() throws {
        guard peek() == 0, position == bytes.count else { throw malformed("nothing after the object") }
    }

    /// Whether a byte comes next without any blanks before it.
    package func startsWith(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte, position < bytes.count else { return false }
        position += 1
        return true
    }

    // MARK: - Objects and arrays

    /// An object: `body` gets each member's name and must read or pass over its value.
    package mutating func object(_ body: (String, inout JSONScanner) throws -> Void) throws {
        guard take(UInt8(ascii: "{")) else { throw malformed("an object") }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw malformed("a colon") }
            try body(name, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("a comma or the object's end") }
    }

    /// An array: `body` must read or pass over each element.
    package mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        guard take(UInt8(ascii: "[")) else { throw malformed("an array") }
        if take(UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("a comma or the array's end") }
    }

    // MARK: - true, false, null

    /// `true` or `false`.
    package mutating func boolean() throws -> Bool {
        if take(word: "true") { return true }
        if take(word: "false") { return false }
        throw malformed("true or false")
    }

    /// Whether `null` comes next, which is then passed over.
    package mutating func null() -> Bool { take(word: "null") }

    mutating func take(word: String) -> Bool {
        guard peek() == word.utf8.first, bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    // MARK: - Any value

    /// The bytes of the next value, which is passed over.
    package mutating func rawValue() throws -> UnsafeBufferPointer<UInt8> {
        _ = peek()
        let start = position
        try skip()
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    /// Passes over a value.
    package mutating func skip() throws { try skip(depth: 0) }

    private mutating func skip(depth: Int) throws {
        guard depth < Self.deepestNesting else { throw malformed("less nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            position += 1
            if take(UInt8(ascii: "}")) { return }
            repeat {
                try skipString()
                guard take(UInt8(ascii: ":")) else { throw malformed("a colon") }
                try skip(depth: depth + 1)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw malformed("a comma or the object's end") }
        case UInt8(ascii: "["): try array { try $0.skip(depth: depth + 1) }
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): guard null() else { throw malformed("null") }
        default: try skipNumber()
        }
    }
}
