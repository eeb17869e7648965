/// What lies between a file and its picture and may weaken a mark or hide one.
public enum PictureNote: Sendable, Equatable {
    /// The file has so many frames or pages, more than one; the picture is the first.
    case firstFrameOnly(of: Int)
}
