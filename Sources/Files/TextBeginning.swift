/// The first bytes of what is to be a text of lines.
package enum TextBeginning {
    private static let magic: [[UInt8]] = [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("PK\u{3}\u{4}".utf8)]

    /// What it is that is no list of lines: JSON, such as a key, or binary content.
    /// - Parameters:
    ///   - bytes: as many as there are at hand, at least the first line.
    ///   - separator: what ends a line.
    /// - Returns: nil for what may be one.
    package static func otherKind(_ bytes: some Collection<UInt8>, separator: UInt8) -> String? {
        if magic.contains(where: { bytes.starts(with: $0) }) { return "binary content" }
        if separator != 0, bytes.contains(0) { return "binary content, or names that end with NUL" }
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let marked = UTF8Text.byteOrderMark
        let text = bytes.dropFirst(bytes.starts(with: marked) ? marked.count : 0).drop(while: isBlank)
        guard let first = text.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        let next = text.dropFirst().first { !isBlank($0) }
        let opens = Array("\"{[}]".utf8)
        // A path may begin with a brace, but hardly goes on like this.
        return next.map(opens.contains) ?? true ? "a JSON document" : nil
    }
}
