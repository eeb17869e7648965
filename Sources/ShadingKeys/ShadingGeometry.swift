import InputErrors
import KeyDocuments
import Tensors

/// How a message is spread over a latent: copies of a block `[C/c, h/a, w/b]` of message bits lie side by side.
public struct ShadingGeometry: Sendable, Hashable {
    /// The latents.
    public let latentShape: LatentShape
    /// Copies along channels (f_c of the paper), rows and columns (f_hw).
    public let copies: Copies

    /// Copies along each axis.
    public struct Copies: Sendable, Hashable, CustomStringConvertible {
        /// Along channels.
        public let channels: Int
        /// Along rows.
        public let rows: Int
        /// Along columns.
        public let columns: Int

        /// Copies along each axis.
        public init(channels: Int, rows: Int, columns: Int) {
            self.channels = channels
            self.rows = rows
            self.columns = columns
        }

        /// `1x8x8`.
        public var description: String { "\(channels)x\(rows)x\(columns)" }
    }

    /// - Parameters:
    ///   - copies: each axis' number divides the latent's extent.
    ///   - latentShape: of the latents.
    ///   - subject: names the source in errors.
    ///   - code: of the error.
    /// - Throws: `InputError` where copies do not fit the latent, or the latent is none that keys are made for.
    public init(copies: Copies, latentShape: LatentShape, subject: String, as code: InputError.Code) throws {
        try KeyDocument.require(latentShape, subject: "\(subject): latent", as: code)
        let axes = [
            (copies.channels, latentShape.channels), (copies.rows, latentShape.height),
            (copies.columns, latentShape.width),
        ]
        guard axes.allSatisfy({ $0.0 >= 1 && $0.1.isMultiple(of: $0.0) }) else {
            throw InputError(
                "\(subject): copies", expected: "divisors of the latent's extents, \(latentShape)", found: "\(copies)",
                as: code)
        }
        guard latentShape.count <= Self.mostElements else {
            throw InputError(
                "\(subject): latent", expected: "at most \(Self.mostElements) elements",
                found: "\(latentShape.count)", as: code)
        }
        self.copies = copies
        self.latentShape = latentShape
    }

    /// Elements of the largest latent that is read.
    private static let mostElements = 1 << 22

    /// Bits of a message.
    public var messageLength: Int { latentShape.count / copyCount }
    /// Copies of each bit.
    public var copyCount: Int { copies.channels * copies.rows * copies.columns }

    /// The place of each element's bit in the message, in the order of the latent's elements.
    public var places: [Int] {
        let (height, width) = (latentShape.height / copies.rows, latentShape.width / copies.columns)
        let channels = latentShape.channels / copies.channels
        return (0..<latentShape.count).map { element in
            let (channel, rest) = (element / latentShape.planeCount, element % latentShape.planeCount)
            let (y, x) = (rest / latentShape.width, rest % latentShape.width)
            return (channel % channels * height + y % height) * width + x % width
        }
    }
}
