import Tensors

/// Writing headers.
extension SafetensorsHeader {
    /// The bytes of a header of F32 tensors whose data follow each other in the order given, padded with blanks to a
    /// multiple of 8.
    static func encoded(_ tensors: [(name: String, tensor: Tensor)], metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let values = metadata.sorted { $0.key < $1.key }.map { literal($0.key) + ":" + literal($0.value) }
            members.append("\"\(metadataKey)\":{\(values.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            let extents = tensor.shape.map(String.init).joined(separator: ",")
            let end = offset + 4 * tensor.count
            members.append(
                literal(name) + ":{\"dtype\":\"F32\",\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }

    /// `text` as a JSON string with its quotes.
    private static func literal(_ text: String) -> String {
        var literal = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"", "\\": literal += "\\\(character)"
            case "\u{8}": literal += "\\b"
            case "\u{C}": literal += "\\f"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case _ where character.value < 0x20:
                let digits = String(character.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(character)
            }
        }
        return literal + "\""
    }
}
