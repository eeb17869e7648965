import Foundation

/// Strings.
extension JSONScanner {
    /// A string's characters. Its bytes must be UTF-8 without control characters, its `\u` escapes whole characters.
    package mutating func string() throws -> String {
        let (content, hasEscapes) = try rawString()
        if !hasEscapes, let text = String(validating: content, as: UTF8.self) { return text }
        if !hasEscapes { throw malformed("a string of valid UTF-8 before this") }
        return try unescaped(content)
    }

    /// Steps over a string whose content nobody wants.
    mutating func skipString() throws {
        guard peek() == UInt8(ascii: "\"") else { throw malformed("a string") }
        position += 1
        try skipToQuote()
        position += 1
    }

    /// Steps up to the quotation mark that ends a string, from within it.
    /// - Returns: whether there are escapes on the way.
    @discardableResult private mutating func skipToQuote() throws -> Bool {
        let start = position
        while let base = bytes.baseAddress, let found = memchr(base + position, 0x22, bytes.count - position) {
            let quote = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            guard let escape = memchr(base + position, 0x5C, quote - position) else {
                let hasEscapes = position > start
                position = quote
                return hasEscapes
            }
            // Past the escaped character, which may be the quotation mark.
            position = UnsafeRawPointer(escape) - UnsafeRawPointer(base) + 2
        }
        position = bytes.count
        throw malformed("'\"' that ends a string")
    }

    /// What is between the quotation marks.
    private mutating func rawString() throws -> (content: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        guard peek() == UInt8(ascii: "\"") else { throw malformed("a string") }
        position += 1
        let start = position
        let hasEscapes = try skipToQuote()
        let content = UnsafeBufferPointer(rebasing: bytes[start..<position])
        if let control = content.firstIndex(where: { $0 < 0x20 }) {
            throw Malformed(expected: "'\"' that ends a string", offset: start + control)
        }
        position += 1
        return (content, hasEscapes)
    }

    /// - Parameter content: the content of the string that was just stepped over.
    private func unescaped(_ content: UnsafeBufferPointer<UInt8>) throws -> String {
        var reader = Escapes(bytes: content, origin: position - 1 - content.count)
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        while let byte = reader.take() {
            if byte == UInt8(ascii: "\\") {
                result += Array(String(try reader.character()).utf8)
            } else {
                result.append(byte)
            }
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw malformed("a string of valid UTF-8 before this")
        }
        return text
    }

    /// The content of a string with escapes in it.
    private struct Escapes {
        let bytes: UnsafeBufferPointer<UInt8>
        /// The place of the first byte in the whole text.
        let origin: Int
        private var position = 0

        init(bytes: UnsafeBufferPointer<UInt8>, origin: Int) {
            self.bytes = bytes
            self.origin = origin
        }

        mutating func take() -> UInt8? {
            guard position < bytes.count else { return nil }
            position += 1
            return bytes[position - 1]
        }

        private func malformed(_ expected: String) -> Malformed {
            Malformed(expected: expected, offset: origin + position)
        }

        /// The character that an escape stands for; the backslash is behind.
        mutating func character() throws -> Unicode.Scalar {
            guard let letter = take() else { throw malformed("an escaped character") }
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{C}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"): return try hexadecimalCharacter()
            default: throw malformed("an escape that JSON has before this")
            }
        }

        private mutating func hexadecimalCharacter() throws -> Unicode.Scalar {
            let unit = try hexadecimalUnit()
            if let character = Unicode.Scalar(unit) { return character }
            guard UTF16.isLeadSurrogate(unit), take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else {
                throw malformed("a pair of surrogates before this")
            }
            let trail = try hexadecimalUnit()
            guard UTF16.isTrailSurrogate(trail),
                let character = Unicode.Scalar(0x1_0000 + (UInt32(unit & 0x3FF) << 10 | UInt32(trail & 0x3FF)))
            else { throw malformed("a pair of surrogates before this") }
            return character
        }

        private mutating func hexadecimalUnit() throws -> UInt16 {
            var unit: UInt16 = 0
            for _ in 0..<4 {
                guard position < bytes.count,
                    let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
                else { throw malformed("a hexadecimal digit") }
                unit = unit << 4 | UInt16(digit)
                position += 1
            }
            return unit
        }
    }
}
