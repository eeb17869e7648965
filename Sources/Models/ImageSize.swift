/// Height and width of images, or of latents.
public struct ImageSize: Hashable, Sendable, CustomStringConvertible {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int

    /// A size.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// Rows times columns.
    public var count: Int { height * width }
    /// `64x48`.
    public var description: String { "\(height)x\(width)" }
}
