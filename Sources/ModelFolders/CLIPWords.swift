import Foundation

/// The words of a text as CLIP splits it, after NFC and lower case, at each place the first that fits of
///
///     <|startoftext|> | <|endoftext|> | 's | 't | 're | 've | 'm | 'll | 'd
///     letters (one or more) | one number character | others (one or more)
///
/// with white space between words dropped. The two bracketed names (typed in capitals; in lower case they are taken out
/// before) fall into three words each.
struct CLIPWords: Sequence, IteratorProtocol {
    private let scalars: [Unicode.Scalar]
    private let kinds: [Kind]
    private var index = 0
    private var pending: [String] = []

    private enum Kind { case letter, number, space, other }

    private static let names = ["startoftext", "endoftext"]
    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.unicodeScalars) }
    private static let bracketed = names.map { Array("<|\($0)|>".unicodeScalars) }

    /// - Parameter text: as `normalized` gives it.
    init(normalized text: [Unicode.Scalar]) {
        scalars = text
        kinds = scalars.map(Self.kind)
    }

    /// A text in NFC and lower case.
    static func normalized(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        let composed = String(view).precomposedStringWithCanonicalMapping
        return composed.unicodeScalars.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }

    mutating func next() -> String? {
        if !pending.isEmpty { return pending.removeFirst() }
        while index < scalars.count, kinds[index] == .space { index += 1 }
        guard index < scalars.count else { return nil }
        let rest = scalars[index...]
        if let match = Self.bracketed.firstIndex(where: { rest.starts(with: $0) }) {
            index += Self.bracketed[match].count
            pending = [Self.names[match], "|>"]
            return "<|"
        }
        if let contraction = Self.contractions.first(where: { rest.starts(with: $0) }) {
            return take(contraction.count)
        }
        let kind = kinds[index]
        if kind == .number { return take(1) }
        return take(kinds[index...].prefix { $0 == kind }.count)
    }

    private mutating func take(_ count: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[index..<index + count])
        index += count
        return String(view)
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }
}
