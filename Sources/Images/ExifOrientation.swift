import Pictures

/// Finds the orientation in a block of EXIF (a TIFF header and its first directory; TIFF 6.0, section 2).
enum ExifOrientation {
    private static let tag: UInt16 = 0x0112
    private static let short: UInt16 = 3
    private static let long: UInt16 = 4
    private static let prefix = Array("Exif\0\0".utf8)

    /// - Parameter block: with or without `Exif\0\0` before the header.
    /// - Returns: nil for none, and for a block or a value that is none.
    static func read(_ block: ArraySlice<UInt8>) -> Orientation? {
        let bytes = block.starts(with: prefix) ? block.dropFirst(prefix.count) : block
        let isLittle: Bool
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) {
            isLittle = true
        } else if bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
            isLittle = false
        } else {
            return nil
        }
        let reader = ByteOrderReader(bytes, isLittle: isLittle)
        guard let directory = reader.long(4), let count = reader.short(Int(directory)) else { return nil }
        for entry in 0..<Int(count) {
            let at = Int(directory) + 2 + 12 * entry
            guard let tag = reader.short(at), let kind = reader.short(at + 2) else { return nil }
            guard tag == Self.tag else { continue }
            let value = kind == short ? reader.short(at + 8).map(Int.init) : reader.long(at + 8).map(Int.init)
            return kind == short || kind == long ? value.flatMap(Orientation.init) : nil
        }
        return nil
    }
}
