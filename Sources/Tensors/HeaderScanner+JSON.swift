/// The part of JSON (RFC 8259) that a safetensors header uses: objects, strings, and arrays of natural numbers.
extension HeaderScanner {
    /// Steps over an object; `member` steps over the value of each key.
    mutating func object(_ member: (inout HeaderScanner, String) throws -> Void) throws {
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try jsonString()
            try expect(":")
            try member(&self, key)
        } while take(",")
        try expect("}")
    }

    /// Steps over an array of integers from 0 to `Int.max`.
    mutating func naturalNumbers() throws -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if take("]") { return numbers }
        repeat { numbers.append(try naturalNumber()) } while take(",")
        try expect("]")
        return numbers
    }

    /// Steps over a string. Its bytes must be UTF-8, its `\u` escapes whole characters.
    mutating func jsonString() throws -> String {
        guard take("\"") else { throw failure("a string") }
        var content: [UInt8] = []
        while let byte = next, byte >= 0x20 {
            _ = takeByte()
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: content, as: UTF8.self) else {
                    throw failure("a string of valid UTF-8 before this")
                }
                return string
            case UInt8(ascii: "\\"): content += Array(String(try escapedCharacter()).utf8)
            default: content.append(byte)
            }
        }
        throw failure("'\"' that ends a string")
    }

    private mutating func escapedCharacter() throws -> Unicode.Scalar {
        let letters: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
            UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
            UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
        ]
        guard let letter = takeByte() else { throw failure("an escaped character") }
        if let character = letters[letter] { return character }
        guard letter == UInt8(ascii: "u") else { throw failure("an escape that JSON has before this") }
        let unit = try hexadecimalUnit()
        if let character = Unicode.Scalar(unit) { return character }
        guard UTF16.isLeadSurrogate(unit), takeByte() == UInt8(ascii: "\\"), takeByte() == UInt8(ascii: "u") else {
            throw failure("a pair of surrogates")
        }
        let trail = try hexadecimalUnit()
        guard UTF16.isTrailSurrogate(trail),
            let character = Unicode.Scalar(0x1_0000 + (UInt32(unit & 0x3FF) << 10 | UInt32(trail & 0x3FF)))
        else { throw failure("a pair of surrogates before this") }
        return character
    }

    private mutating func hexadecimalUnit() throws -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("a hexadecimal digit")
            }
            unit = unit << 4 | UInt16(digit)
            _ = takeByte()
        }
        return unit
    }
}

/// `text` as a JSON string with its quotes.
func jsonLiteral(_ text: String) -> String {
    var literal = "\""
    for character in text.unicodeScalars {
        switch character {
        case "\"", "\\": literal += "\\\(character)"
        case "\u{8}": literal += "\\b"
        case "\u{C}": literal += "\\f"
        case "\n": literal += "\\n"
        case "\r": literal += "\\r"
        case "\t": literal += "\\t"
        case _ where character.value < 0x20:
            let digits = String(character.value, radix: 16)
            literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: literal.unicodeScalars.append(character)
        }
    }
    return literal + "\""
}
