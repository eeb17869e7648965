import Pictures

/// What the boxes of a HEIF file (ISO/IEC 23008-12, ISO/IEC 14496-12) say of its primary image that libheif has no function
/// for: how it is to be turned, and how many frames a sequence has.
struct HEIFProperties {
    /// How the primary image is to be turned: `irot`, then `imir`.
    let orientation: Orientation
    /// Whether there is either of them.
    let isTurned: Bool
    /// Of the longest track; 0 where there are none.
    let frames: Int
    /// Primaries and transfer of ITU-T H.273, where the image is told by them.
    let codePoints: [UInt8]?

    init(_ bytes: [UInt8]) {
        let boxes = Box.all(in: bytes[...])
        let meta = boxes.first { $0.kind == "meta" }.map { Box.all(in: $0.content.dropFirst(4)) } ?? []
        let properties = Self.primaryProperties(meta)
        let turns = properties.first { $0.kind == "irot" }?.content.first.map { Int($0 & 3) } ?? 0
        let axis = properties.first { $0.kind == "imir" }?.content.first.map { Int($0 & 1) }
        orientation = Self.orientation(turns: turns, axis: axis)
        isTurned = properties.contains { $0.kind == "irot" || $0.kind == "imir" }
        let colours = properties.first { $0.kind == "colr" && $0.content.starts(with: "nclx".utf8) }?.content
        codePoints = colours.flatMap { content in
            content.count < 8 ? nil : [content[content.startIndex + 5], content[content.startIndex + 7]]
        }
        frames = Self.tracks(boxes).max() ?? 0
    }

    /// - Parameters:
    ///   - turns: by 90° counter-clockwise.
    ///   - axis: 0 to mirror top to bottom, 1 left to right, after turning.
    private static func orientation(turns: Int, axis: Int?) -> Orientation {
        switch (turns, axis) {
        case (0, nil): .asStored
        case (0, 0?): .flipped
        case (0, _): .mirrored
        case (1, nil): .turnedLeft
        case (1, 0?): .transposed
        case (1, _): .transversed
        case (2, nil): .turnedOver
        case (2, 0?): .mirrored
        case (2, _): .flipped
        case (_, nil): .turnedRight
        case (_, 0?): .transversed
        default: .transposed
        }
    }

    /// The properties of the primary item, in order.
    private static func primaryProperties(_ meta: [Box]) -> [Box] {
        guard let primary = meta.first(where: { $0.kind == "pitm" })?.content, let version = primary.first else {
            return []
        }
        let reader = ByteOrderReader(primary, isLittle: false)
        let item = version == 0 ? reader.short(4).map(UInt32.init) : reader.long(4)
        let parts = meta.first { $0.kind == "iprp" }.map { Box.all(in: $0.content) } ?? []
        let all = parts.first { $0.kind == "ipco" }.map { Box.all(in: $0.content) } ?? []
        let indices = parts.filter { $0.kind == "ipma" }.flatMap { associations($0.content, of: item) }
        return indices.compactMap { all.indices.contains($0 - 1) ? all[$0 - 1] : nil }
    }

    /// The places of an item's properties, from 1.
    private static func associations(_ content: ArraySlice<UInt8>, of wanted: UInt32?) -> [Int] {
        let reader = ByteOrderReader(content, isLittle: false)
        guard let head = reader.long(0), let items = reader.long(4) else { return [] }
        let (isLongItem, isLongIndex) = (head >> 24 > 0, head & 1 == 1)
        var position = 8
        for _ in 0..<items {
            let item = isLongItem ? reader.long(position) : reader.short(position).map(UInt32.init)
            position += isLongItem ? 4 : 2
            guard let item, let count = reader.byte(position) else { return [] }
            position += 1
            let places = (0..<Int(count)).compactMap { index in
                isLongIndex
                    ? reader.short(position + 2 * index).map { Int($0 & 0x7FFF) }
                    : reader.byte(position + index).map { Int($0 & 0x7F) }
            }
            if item == wanted { return places }
            position += Int(count) * (isLongIndex ? 2 : 1)
        }
        return []
    }

    /// The numbers of samples of a file's tracks.
    private static func tracks(_ boxes: [Box], depth: Int = 0) -> [Int] {
        // moov, trak, mdia, minf, stbl, stsz: what is nested deeper is no track, and would take the stack.
        guard depth < 6 else { return [] }
        return boxes.flatMap { box -> [Int] in
            switch box.kind {
            case "moov", "trak", "mdia", "minf", "stbl": tracks(Box.all(in: box.content), depth: depth + 1)
            case "stsz": ByteOrderReader(box.content, isLittle: false).long(8).map { [Int($0)] } ?? []
            default: []
            }
        }
    }

    private struct Box {
        let kind: String
        let content: ArraySlice<UInt8>

        /// The boxes that follow one another, up to where they break off.
        static func all(in bytes: ArraySlice<UInt8>) -> [Box] {
            let reader = ByteOrderReader(bytes, isLittle: false)
            var (boxes, position): ([Box], Int) = ([], 0)
            while let short = reader.long(position), let kind = reader.slice(position + 4, 4) {
                var (head, length) = (8, Int(short))
                if short == 1 {
                    guard reader.long(position + 8) == 0, let low = reader.long(position + 12) else { break }
                    (head, length) = (16, Int(low))
                } else if short == 0 {
                    length = reader.count - position
                }
                guard length >= head, let content = reader.slice(position + head, length - head) else { break }
                boxes.append(Box(kind: String(decoding: kind, as: UTF8.self), content: content))
                position += length
            }
            return boxes
        }
    }
}
