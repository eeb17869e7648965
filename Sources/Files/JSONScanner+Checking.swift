/// Whole texts.
extension JSONScanner {
    /// Passes over a text that is one value, held to every rule of JSON: strings are UTF-8 with whole characters in their
    /// escapes, no object has a name twice, numbers are finite.
    package mutating func check(_ dialect: JSONReader.Dialect) throws(Malformed) {
        do {
            try checkValue(dialect, depth: 0)
            guard peek() == 0, position == bytes.count else { throw malformed("nothing after the value") }
        } catch let error as Malformed {
            throw error
        } catch {
            preconditionFailure("a scanner that throws \(error)")
        }
    }

    /// Passes over a string. One of plain letters is not copied: it may be a secret.
    private mutating func checkString() throws {
        let before = self
        let isPlain = try rawValue().allSatisfy { $0 >= 0x20 && $0 < 0x80 && $0 != UInt8(ascii: "\\") }
        if isPlain { return }
        self = before
        _ = try string()
    }

    private mutating func checkValue(_ dialect: JSONReader.Dialect, depth: Int) throws {
        guard depth < Self.deepestNesting else { throw malformed("less nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            var names: Set<[UInt8]> = []
            try object { name, scanner in
                guard names.insert(Array(name.utf8)).inserted else {
                    throw scanner.malformed("each name once", found: "'\(name)' again")
                }
                try scanner.checkValue(dialect, depth: depth + 1)
            }
        case UInt8(ascii: "["): try array { try $0.checkValue(dialect, depth: depth + 1) }
        case UInt8(ascii: "\""): try checkString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): guard null() else { throw malformed("null") }
        default:
            if dialect == .python, ["NaN", "Infinity", "-Infinity"].contains(where: { take(word: $0) }) { return }
            guard peek() == UInt8(ascii: "-") || Self.isDigit(peek()) else { throw malformed("a value") }
            _ = try number()
        }
    }
}
