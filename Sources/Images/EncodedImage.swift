import Cryptography
import Foundation
import Items

/// A picture whose encoded bytes are in memory: an item of any origin.
public struct EncodedImage: ItemSource {
    /// The name that its user knows it by.
    public let name: String
    /// A file's content.
    public let content: Data
    /// SHA-256 of `content`, hexadecimal.
    public let sha256: String
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - name: what its user knows it by.
    ///   - content: of a file in a format that `ImageDecoder` knows.
    ///   - sha256: of `content`, where it is known.
    ///   - start: when reading began, for the item's seconds.
    public init(
        name: String, content: Data, sha256: String? = nil, since start: ContinuousClock.Instant = .now
    ) {
        self.name = name
        self.content = content
        self.sha256 = sha256 ?? content.withUnsafeBytes(SHA256.hash).hexadecimal
        self.start = start
    }

    /// Decodes.
    public func item(limitMegapixels: Double) throws -> Item {
        let picture = try ImageDecoder.picture([UInt8](content), named: name, limitMegapixels: limitMegapixels)
        return Item(
            name: name, sha256: sha256, bytes: content.count, image: picture.image, orientation: picture.orientation,
            notes: picture.notes, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}
