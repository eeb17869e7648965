import InputErrors

/// How wide a text is at most, without asking a font: every sign counts as the widest of its class in DejaVu Sans, one of
/// the widest text fonts, and one beyond ASCII as a little more than a square.
extension SVGText {
    /// A face that text is set in.
    package enum Face {
        case regular
        case bold
        /// All signs of one width.
        case fixedWidth
    }

    private static let narrow = Set<Unicode.Scalar>(" .,:;!|()[]/\\-'fijlrt".unicodeScalars)
    private static let middle = Set<Unicode.Scalar>("acegknopqsuvxyzbdh0123456789*$_?\"ELPST".unicodeScalars)
    private static let wide = Set<Unicode.Scalar>("mwMWQOGNHDU@%&+=<>~#^".unicodeScalars)

    /// An upper bound of a text's width, in the units of `size`.
    package static func width(_ text: String, size: Double, face: Face = .regular) -> Double {
        text.unicodeScalars.reduce(0) { $0 + advance($1, face) } * size
    }

    private static func advance(_ sign: Unicode.Scalar, _ face: Face) -> Double {
        switch face {
        case .fixedWidth: sign.isASCII ? 0.61 : 1.22
        case .bold: advance(sign, .regular) * 1.15
        case .regular where !sign.isASCII: 1.1
        case .regular where narrow.contains(sign): 0.42
        case .regular where middle.contains(sign): 0.65
        case .regular: wide.contains(sign) ? 1 : 0.7
        }
    }

    /// The text with its middle left out where it would be wider than `width`; what cannot be seen is made visible first.
    package static func fitted(_ text: String, width: Double, size: Double, face: Face = .regular) -> String {
        let signs = Array(Printable.text(text).unicodeScalars)
        let advances = signs.map { advance($0, face) * size }
        guard advances.reduce(0, +) > width else { return Printable.text(text) }
        var room = width - advance("…", face) * size
        var (first, last) = (0, signs.count)
        // One sign of the end, one of the beginning, as long as both fit: a path's end tells more than its beginning.
        while last > first {
            let takesEnd = signs.count - last <= first
            let next = takesEnd ? last - 1 : first
            guard advances[next] <= room else { break }
            room -= advances[next]
            if takesEnd { last -= 1 } else { first += 1 }
        }
        return string(signs[..<first]) + "…" + string(signs[last...])
    }

    /// The text in lines no wider than `width`, broken between words; a longer text ends in an ellipsis.
    package static func wrapped(_ text: String, width: Double, size: Double, lines limit: Int) -> [String] {
        var lines: [String] = []
        var words = Printable.text(text).split(separator: " ")[...]
        while !words.isEmpty, lines.count < limit {
            var line = String(words.removeFirst())
            while let next = words.first, self.width("\(line) \(next)", size: size) <= width {
                line += " \(next)"
                words.removeFirst()
            }
            lines.append(line)
        }
        if !words.isEmpty, let last = lines.popLast() { lines.append(last + " " + words.joined(separator: " ")) }
        return lines.map { fitted($0, width: width, size: size) }
    }

    private static func string(_ signs: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(signs))
    }
}
