import Foundation

/// Reads the few members that are wanted out of a JSON text and passes over the rest without building it.
///
/// It checks structure, not every rule of strings: what it accepts, `JSONDecoder` may still refuse.
struct JSONScanner {
    /// What is wrong with a text.
    struct Malformed: Error {
        /// In words.
        let expected: String
        /// Where, in bytes from 0.
        let offset: Int
    }

    private static let deepestNesting = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    /// - Parameter bytes: a NUL must follow the last one.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The first byte of what comes next; 0 at the end.
    private mutating func peek() -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            if byte != 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return byte }
            position += 1
        }
        return 0
    }

    private func malformed(_ expected: String) -> Malformed { Malformed(expected: expected, offset: position) }

    /// Whether nothing but blanks is left.
    mutating func isAtEnd() -> Bool { peek() == 0 && position == bytes.count }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte, position < bytes.count else { return false }
        position += 1
        return true
    }

    /// An object: `body` gets each member's name and must read or pass over its value.
    mutating func object(_ body: (String, inout JSONScanner) throws -> Void) throws {
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
    mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        guard take(UInt8(ascii: "[")) else { throw malformed("an array") }
        if take(UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("a comma or the array's end") }
    }

    /// A string's characters; without escapes they are taken as they are.
    mutating func string() throws -> String {
        let (content, hasEscapes) = try rawString()
        if !hasEscapes { return String(decoding: content, as: UTF8.self) }
        let quoted = Data([0x22]) + Data(buffer: content) + Data([0x22])
        guard let text = try? JSONDecoder().decode(String.self, from: quoted) else { throw malformed("a string") }
        return text
    }

    private mutating func rawString() throws -> (content: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        guard take(UInt8(ascii: "\"")) else { throw malformed("a string") }
        let start = position
        var hasEscapes = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return (UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position += 2
            default: position += 1
            }
        }
        position = bytes.count
        throw malformed("the string's end")
    }

    /// A finite number.
    mutating func number() throws -> Double {
        let first = peek()
        guard first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            throw malformed("a number")
        }
        let start = position
        while position < bytes.count, Self.isOfNumber(bytes[position]) { position += 1 }
        let value = bytes.baseAddress.map { base in
            (base + start).withMemoryRebound(to: CChar.self, capacity: position - start) { strtod($0, nil) }
        }
        guard let value, value.isFinite else { throw malformed("a finite number") }
        return value
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A number without a fraction.
    mutating func integer() throws -> Int {
        guard let value = Int(exactly: try number()) else { throw malformed("an integer") }
        return value
    }

    /// `true` or `false`.
    mutating func boolean() throws -> Bool {
        if try literal("true") { return true }
        if try literal("false") { return false }
        throw malformed("true or false")
    }

    /// Whether `null` comes next, which is then passed over.
    mutating func null() throws -> Bool { try literal("null") }

    private mutating func literal(_ word: String) throws -> Bool {
        guard peek() == word.utf8.first, bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    /// The bytes of the next value, which is passed over.
    mutating func rawValue() throws -> UnsafeBufferPointer<UInt8> {
        _ = peek()
        let start = position
        try skip()
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    /// Passes over a value.
    mutating func skip(depth: Int = 0) throws {
        guard depth < Self.deepestNesting else { throw malformed("less nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            position += 1
            if take(UInt8(ascii: "}")) { return }
            repeat {
                _ = try rawString()
                guard take(UInt8(ascii: ":")) else { throw malformed("a colon") }
                try skip(depth: depth + 1)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw malformed("a comma or the object's end") }
        case UInt8(ascii: "["): try array { try $0.skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try rawString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): guard try null() else { throw malformed("null") }
        default: _ = try number()
        }
    }
}
