/// The shape of one latent, without the batch: `channels × height × width`, written `4x32x32`.
public struct LatentShape: Hashable, Sendable, CustomStringConvertible {
    /// The number of channels.
    public let channels: Int
    /// The number of rows of a channel's plane.
    public let height: Int
    /// The number of columns of a channel's plane.
    public let width: Int

    /// The shape of these extents.
    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Numbers in one latent.
    public var count: Int { channels * height * width }

    /// Numbers in one channel's plane.
    public var planeCount: Int { height * width }

    /// The tensor shape `[batch, channels, height, width]`.
    public func tensorShape(batch: Int = 1) -> [Int] { [batch, channels, height, width] }

    /// `4x32x32`.
    public var description: String { "\(channels)x\(height)x\(width)" }
}
