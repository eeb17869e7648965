/// The segments of a JPEG before its first scan (ITU-T T.81, annex B).
struct JPEGSegments: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 2

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next segment: its marker's second byte, and what it holds.
    mutating func next() -> (marker: UInt8, content: ArraySlice<UInt8>)? {
        while position + 4 <= bytes.count {
            let marker = bytes[position + 1]
            // Fill bytes, stray bytes, and markers that stand alone.
            guard bytes[position] == 0xFF, marker != 0xFF, marker != 0, marker != 0x01, !(0xD0...0xD8).contains(marker)
            else {
                position += 1
                continue
            }
            if marker == 0xD9 || marker == 0xDA { return nil }
            let end = position + 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
            let start = position + 4
            guard start <= end, end <= bytes.count else { return nil }
            position = end
            return (marker, bytes[start..<end])
        }
        return nil
    }

    /// The first segment of a marker whose content begins with a text.
    func first(_ marker: UInt8, beginning text: String) -> ArraySlice<UInt8>? {
        first { $0.marker == marker && $0.content.starts(with: text.utf8) }?.content
    }

    /// The ICC profile, put together from its numbered parts; empty for none.
    var profile: [UInt8] {
        let prefix = Array("ICC_PROFILE\0".utf8)
        let parts = filter { $0.marker == 0xE2 && $0.content.starts(with: prefix) && $0.content.count > 14 }
            .map { (number: $0.content[$0.content.startIndex + 12], content: $0.content.dropFirst(14)) }
        return parts.sorted { $0.number < $1.number }.flatMap(\.content)
    }
}
