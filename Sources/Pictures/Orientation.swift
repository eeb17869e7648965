/// How a file wants its stored pixels to be turned before they are shown: EXIF 2.32, tag 0x0112, whose values are the raw
/// values here.
public enum Orientation: Int, Sendable, CaseIterable {
    /// The picture is shown as it is stored.
    case asStored = 1
    /// Mirrored left to right.
    case mirrored
    /// Turned by 180°.
    case turnedOver
    /// Mirrored top to bottom.
    case flipped
    /// Mirrored at the diagonal from the upper left.
    case transposed
    /// Turned by 90° clockwise.
    case turnedRight
    /// Mirrored at the diagonal from the upper right.
    case transversed
    /// Turned by 90° counter-clockwise.
    case turnedLeft

    /// What is done to stored pixels, in words.
    public var words: String {
        switch self {
        case .asStored: "left as it is"
        case .mirrored: "mirrored left to right"
        case .turnedOver: "turned by 180°"
        case .flipped: "mirrored top to bottom"
        case .transposed: "mirrored at the falling diagonal"
        case .turnedRight: "turned by 90° clockwise"
        case .transversed: "mirrored at the rising diagonal"
        case .turnedLeft: "turned by 90° counter-clockwise"
        }
    }

    /// What turns a shown picture back.
    public var inverse: Orientation {
        switch self {
        case .turnedRight: .turnedLeft
        case .turnedLeft: .turnedRight
        default: self
        }
    }

    /// The sides of a picture after it was turned.
    public func turned(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
        rawValue >= Self.transposed.rawValue ? (height, width) : (width, height)
    }

    /// The picture as it is to be shown; width and height change places from `transposed` on.
    /// - Parameter image: as it is stored.
    public func applied(to image: RGBImage) -> RGBImage {
        guard self != .asStored else { return image }
        let (width, height) = (image.width, image.height)
        let (shownWidth, shownHeight) = turned(width, height)
        let (origin, column, row) = walk(width: width, height: height)
        let count = width * height * 3
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            image.pixels.withUnsafeBufferPointer { source in
                var at = 0
                for y in 0..<shownHeight {
                    var from = 3 * (origin + y * row)
                    for _ in 0..<shownWidth {
                        target[at] = source[from]
                        target[at + 1] = source[from + 1]
                        target[at + 2] = source[from + 2]
                        at += 3
                        from += 3 * column
                    }
                }
            }
            initialized = count
        }
        return RGBImage(width: shownWidth, height: shownHeight, pixels: pixels)
    }

    /// Where the shown picture's first pixel is stored, and how far it is from there to the pixel on its right and to the
    /// one below, in pixels of the stored picture.
    private func walk(width: Int, height: Int) -> (origin: Int, column: Int, row: Int) {
        let (right, below) = (width - 1, (height - 1) * width)
        return switch self {
        case .asStored: (0, 1, width)
        case .mirrored: (right, -1, width)
        case .turnedOver: (below + right, -1, -width)
        case .flipped: (below, 1, -width)
        case .transposed: (0, width, 1)
        case .turnedRight: (below, -width, 1)
        case .transversed: (below + right, -width, -1)
        case .turnedLeft: (right, width, -1)
        }
    }
}
