import Foundation

/// Numbers.
extension JSONScanner {
    /// A finite number.
    package mutating func number() throws -> Double {
        _ = peek()
        let start = self
        let (text, _) = try rawNumber()
        guard let value = Self.value(text), value.isFinite else { throw start.malformed("a finite number") }
        return value
    }

    /// Steps over a number that nobody wants, which must be finite all the same.
    mutating func skipNumber() throws {
        _ = peek()
        let start = self
        let (text, isWhole) = try rawNumber()
        // Without an exponent, it takes 309 digits to be beyond a Double.
        if text.count < 300, isWhole || !text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return }
        guard let value = Self.value(text), value.isFinite else { throw start.malformed("a finite number") }
    }

    private static func value(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[text.count] = 0
            return copy.baseAddress.map { strtod($0, nil) }
        }
    }

    /// A whole number that an `Int` holds; also one with a fraction of zeros or an exponent, as some programs write it.
    package mutating func integer() throws -> Int {
        _ = peek()
        let start = self
        let (text, isWhole) = try rawNumber()
        if isWhole, let value = Int(String(decoding: text, as: UTF8.self)) { return value }
        self = start
        guard let value = Int(exactly: try number()) else { throw start.malformed("an integer") }
        return value
    }

    /// The digits of a whole number from 0 on, without leading zeros; what may follow them is not looked at.
    package mutating func naturalNumber() throws -> Int {
        _ = peek()
        let start = self
        guard takeDigits() else { throw malformed("a non-negative integer") }
        let digits = bytes[start.position..<position]
        guard !Self.hasLeadingZero(digits), let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw start.malformed("an integer up to \(Int.max) without leading zeros")
        }
        return value
    }

    /// The text of a number that begins here, and whether it has neither fraction nor exponent.
    private mutating func rawNumber() throws -> (text: UnsafeBufferPointer<UInt8>, isWhole: Bool) {
        let start = position
        _ = take(anyOf: "-")
        let digits = position
        guard takeDigits(), !Self.hasLeadingZero(bytes[digits..<position]) else {
            throw Malformed(expected: "a number", offset: start)
        }
        var isWhole = true
        if take(anyOf: ".") {
            isWhole = false
            guard takeDigits() else { throw malformed("a digit") }
        }
        if take(anyOf: "eE") {
            isWhole = false
            _ = take(anyOf: "+-")
            guard takeDigits() else { throw malformed("a digit") }
        }
        return (UnsafeBufferPointer(rebasing: bytes[start..<position]), isWhole)
    }

    private static func hasLeadingZero(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        digits.count > 1 && digits.first == UInt8(ascii: "0")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func take(anyOf characters: StaticString) -> Bool {
        guard let byte = next, characters.withUTF8Buffer({ $0.contains(byte) }) else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while let byte = next, Self.isDigit(byte) { position += 1 }
        return position > start
    }
}
