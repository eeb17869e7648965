import InputErrors

/// Text from outside, made safe for XML and HTML.
public enum SVGText {
    /// Escapes the five characters of markup, and shows what could deceive the eye or break a page as `Printable.text`
    /// does, so that no name can look like another one.
    public static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for character in Printable.text(text).unicodeScalars {
            switch character {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            default: result.append(character)
            }
        }
        return String(result)
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
