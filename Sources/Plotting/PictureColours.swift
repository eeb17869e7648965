/// The colours of pictures that stand alone, on a ground of their own so that they look the same on light and dark pages.
/// They are those that the charts of a report have without a style sheet.
enum PictureColours {
    static let ground = "#ffffff"
    static let ink = "#1a1c1f"
    /// Captions and remarks.
    static let soft = "#5a6068"
    /// Outlines of images.
    static let line = "#8d959e"
    /// Bars of what the key is held against.
    static let bars = "#9aa3ad"
    /// What was measured.
    static let measured = "#0b62a3"
    /// Whatever tells of the key.
    static let key = "#b5490f"
}
