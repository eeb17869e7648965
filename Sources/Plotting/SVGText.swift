/// Text from outside, made safe for XML and HTML.
public enum SVGText {
    /// Escapes the five characters of markup, and shows what could deceive the eye or break a page: control characters,
    /// line ends and marks of writing direction become `⟨U+202E⟩`, so that no name can look like another one.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result += visible(character)
            }
        }
        return result
    }

    /// The text with what cannot be seen made visible, without escaping markup.
    public static func visible(_ text: String) -> String {
        text.unicodeScalars.map(visible).joined()
    }

    private static func visible(_ character: Unicode.Scalar) -> String {
        switch character.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            "⟨U+" + padded(String(character.value, radix: 16, uppercase: true)) + "⟩"
        default: String(character)
        }
    }

    private static func padded(_ digits: String) -> String {
        String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A coordinate in at most two decimals.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
        return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
