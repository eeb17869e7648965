import Foundation

/// The tagged elements of an ICC profile.
struct ICCTags {
    private let reader: ByteOrderReader
    private static let headerLength = 128
    /// More than any profile has.
    private static let mostTags = 1024

    init(_ bytes: ArraySlice<UInt8>) { reader = ByteOrderReader(bytes, isLittle: false) }

    /// `RGB`, `GRAY`, `CMYK`, …; nil for bytes that are no profile.
    var colourSpace: String? {
        guard reader.slice(36, 4)?.elementsEqual("acsp".utf8) == true, let space = reader.slice(16, 4) else {
            return nil
        }
        let letters = space.filter { (0x21...0x7E).contains($0) }
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }

    /// A text, in its first language.
    func text(_ tag: String) -> String? {
        guard let (kind, at) = element(tag) else { return nil }
        switch kind {
        case "desc":
            guard let length = reader.long(at + 8), let letters = reader.slice(at + 12, Int(length)) else { return nil }
            return String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self)
        case "mluc":
            guard let length = reader.long(at + 20), let offset = reader.long(at + 24),
                reader.slice(at + Int(offset), Int(length)) != nil
            else { return nil }
            let units = stride(from: 0, to: Int(length) - 1, by: 2).compactMap { reader.short(at + Int(offset) + $0) }
            return String(decoding: units, as: UTF16.self)
        default: return nil
        }
    }

    /// X, Y and Z.
    func colour(_ tag: String) -> [Double]? {
        guard let (kind, at) = element(tag), kind == "XYZ " else { return nil }
        let numbers = (0..<3).compactMap { fixed(at + 8 + 4 * $0) }
        return numbers.count == 3 ? numbers : nil
    }

    /// What a tone curve makes of one half.
    func middle(_ tag: String) -> Double? {
        guard let (kind, at) = element(tag) else { return nil }
        switch kind {
        case "curv":
            guard let count = reader.long(at + 8) else { return nil }
            switch count {
            case 0: return 0.5
            case 1: return reader.short(at + 12).map { pow(0.5, Double($0) / 256) }
            default:
                let values = [(count - 1) / 2, count / 2].compactMap { reader.short(at + 12 + 2 * Int($0)) }
                return values.count == 2 ? (Double(values[0]) + Double(values[1])) / 2 / 65535 : nil
            }
        case "para": return parametric(at)
        default: return nil
        }
    }

    /// The formulas of type 0 to 4 above their breakpoint, which lies below one half in any curve of use.
    private func parametric(_ at: Int) -> Double? {
        guard let kind = reader.short(at + 8), kind <= 4 else { return nil }
        let counts = [1, 3, 4, 5, 7]
        let numbers = (0..<counts[Int(kind)]).compactMap { fixed(at + 12 + 4 * $0) }
        guard numbers.count == counts[Int(kind)] else { return nil }
        if kind == 0 { return pow(0.5, numbers[0]) }
        let offset = kind == 2 ? numbers[3] : kind == 4 ? numbers[5] : 0
        return pow(numbers[1] / 2 + numbers[2], numbers[0]) + offset
    }

    /// A number of 16 bits before and 16 after the point.
    private func fixed(_ at: Int) -> Double? {
        reader.long(at).map { Double(Int32(bitPattern: $0)) / 65536 }
    }

    /// The kind and the place of an element.
    private func element(_ tag: String) -> (kind: String, at: Int)? {
        guard let count = reader.long(Self.headerLength) else { return nil }
        for index in 0..<min(Int(count), Self.mostTags) {
            let entry = Self.headerLength + 4 + 12 * index
            guard let name = reader.slice(entry, 4) else { return nil }
            guard name.elementsEqual(tag.utf8) else { continue }
            guard let offset = reader.long(entry + 4), let kind = reader.slice(Int(offset), 4) else { return nil }
            return (String(decoding: kind, as: UTF8.self), Int(offset))
        }
        return nil
    }
}
