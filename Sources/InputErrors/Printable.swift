/// Text from outside as people may see it: names of files and keys, words out of a file. The one place that decides what a
/// terminal, a page or a picture is given; programs get the text as it is.
///
/// What cannot be seen, or changes how other text is seen (control characters, line ends, marks of writing direction), is
/// written as a shell would read it back: `\n`, `\033`, `\u202e`. So is a byte that is not UTF-8, which text has as NUL and
/// two hexadecimal digits (`RawPath.text`): `\377`.
public enum Printable {
    /// Words with what cannot be seen made visible.
    public static func text(_ text: String) -> String {
        guard needsEscapes(text) else { return text }
        return escaped(text, isQuoted: false)
    }

    /// A name: as it is, or in quotation marks for a shell where it has what cannot be seen, or blanks that could pass for
    /// the end of the name: `photo.png`, `'two  blanks.png'`, `$'two\nlines.png'`.
    public static func name(_ name: String) -> String {
        if needsEscapes(name) { return "$'" + escaped(name, isQuoted: true) + "'" }
        return mayMislead(name) ? quoted(name) : name
    }

    /// A text in single quotation marks for a shell, whatever it holds.
    public static func quoted(_ text: String) -> String {
        if needsEscapes(text) { return "$'" + escaped(text, isQuoted: true) + "'" }
        // By scalars: as a character, a quotation mark with an accent on it is none.
        return "'" + text.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }

    private static func needsEscapes(_ text: String) -> Bool {
        // Nearly all text is of plain letters, which need no look at their properties.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return false }
        return text.unicodeScalars.contains(where: isUnseen)
    }

    /// Whether a character is a control character, or changes how others are shown.
    public static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Whether a reader could take a part of the name for what stands beside it, or a plain name for a quoted one.
    private static func mayMislead(_ name: String) -> Bool {
        var isAfterBlank = true
        for scalar in name.unicodeScalars {
            let isBlank = scalar.properties.isWhitespace
            if isBlank, isAfterBlank { return true }
            isAfterBlank = isBlank
        }
        return isAfterBlank || ["'", "$'"].contains { name.utf8.starts(with: $0.utf8) }
    }

    private static func escaped(_ text: String, isQuoted: Bool) -> String {
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            let isMark = isQuoted && (scalar == "'" || scalar == "\\")
            if scalar.value == 0, let byte = byte(rest.prefix(2)) {
                rest = rest.dropFirst(2)
                result.append(contentsOf: octal(byte).unicodeScalars)
            } else if isMark || isUnseen(scalar) {
                result.append(contentsOf: escape(scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The byte that two hexadecimal digits after a NUL stand for.
    private static func byte(_ digits: Substring.UnicodeScalarView) -> UInt32? {
        digits.count == 2 && digits.allSatisfy(\.properties.isASCIIHexDigit) ? UInt32(String(digits), radix: 16) : nil
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "'", "\\": "\\\(scalar)"
        default:
            scalar.value < 0x80
                ? octal(scalar.value)
                : scalar.value <= 0xFFFF
                    ? "\\u" + padded(String(scalar.value, radix: 16), 4)
                    : "\\U" + padded(String(scalar.value, radix: 16), 8)
        }
    }

    private static func octal(_ byte: UInt32) -> String { "\\" + padded(String(byte, radix: 8), 3) }

    private static func padded(_ digits: String, _ length: Int) -> String {
        String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
