import InputErrors

/// Reads the Python literals of an `.npy` header token by token; every failure names the file, the byte and what is there.
struct LiteralScanner {
    private let subject: String
    private let bytes: [UInt8]
    private(set) var position = 0

    /// - Parameters:
    ///   - bytes: the header.
    ///   - subject: what messages call the file.
    init(_ bytes: [UInt8], subject: String) {
        self.bytes = bytes
        self.subject = subject
    }

    /// The next byte, nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps over one byte and returns it.
    mutating func takeByte() -> UInt8? {
        defer { position += position < bytes.count ? 1 : 0 }
        return next
    }

    /// Steps over blanks, tabs and line ends.
    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Steps over space and then over `character` if it is there; whether it was.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Steps over space and `character`.
    mutating func expect(_ character: Unicode.Scalar) throws {
        guard take(character) else { throw failure("'\(character)'") }
    }

    /// Steps over space and `word`.
    mutating func take(word: String) -> Bool {
        skipSpace()
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    /// Steps over space and a decimal integer from 0 to `Int.max`, without sign, leading zeros, fraction or exponent.
    mutating func naturalNumber() throws -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = next, (0x30...0x39).contains(byte) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry, position == start || value > 0 else {
                position = start
                throw failure("an integer up to \(Int.max) without leading zeros")
            }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("a non-negative integer") }
        return value
    }

    /// Nothing but space may follow.
    mutating func expectEnd() throws {
        skipSpace()
        guard next == nil else { throw failure("the end of the header") }
    }

    /// The refusal of what stands at the current position.
    func failure(_ expected: String, as code: InputError.Code = .damaged) -> InputError {
        let found =
            switch next {
            case .none: "the end of the header"
            case .some(let byte) where (0x20...0x7E).contains(byte): "'\(Character(Unicode.Scalar(byte)))'"
            case .some(let byte): "byte 0x" + String(byte, radix: 16)
            }
        return InputError(
            subject, expected: "\(expected) at byte \(position) of the header", found: found, as: code)
    }

    /// The refusal of a key that came before.
    func duplicate(_ key: String) -> InputError {
        InputError(subject, expected: "each key of the header once", found: "'\(key)' twice", as: .damaged)
    }

    /// Steps over space and a string in either kind of quotation marks, without escapes.
    mutating func string(_ expected: String) throws -> String {
        let quote: Unicode.Scalar = take("'") ? "'" : "\""
        if quote == "\"", !take(quote) { throw failure(expected) }
        var content: [UInt8] = []
        while let byte = takeByte() {
            if byte == UInt8(ascii: quote) { return String(decoding: content, as: UTF8.self) }
            content.append(byte)
        }
        throw failure("a closing \(quote)")
    }

    /// Steps over space and `True` or `False`.
    mutating func boolean() throws -> Bool {
        if take(word: "True") { return true }
        guard take(word: "False") else { throw failure("True or False") }
        return false
    }

    /// Steps over space and a tuple of natural numbers.
    /// - Parameter mostElements: more are refused.
    mutating func tuple(mostElements: Int) throws -> [Int] {
        var elements: [Int] = []
        try expect("(")
        while !take(")") {
            guard elements.count < mostElements else { throw failure("at most \(mostElements) axes") }
            elements.append(try naturalNumber())
            if !take(",") {
                guard elements.count > 1 else { throw failure("',' as in a tuple") }
                try expect(")")
                break
            }
        }
        return elements
    }
}
