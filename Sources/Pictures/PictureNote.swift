/// What lies between a file and its picture and may weaken a mark or hide one.
public enum PictureNote: Sendable, Equatable {
    /// The file has so many frames or pages, more than one; the picture is the first.
    case firstFrameOnly(of: Int)
    /// The file has a colour profile of this name, which is not sRGB and was not applied.
    case colourProfileIgnored(String)
    /// The file's samples have so many bits, more than 8; their lower bits were dropped.
    case bitDepthReduced(from: Int)
}
