import CSodium
import Foundation
import Images
import Tensors

/// An image under examination: what its file is, and its pixels at the model's size.
public struct Subject: Sendable {
    /// The path as the user named it.
    public let path: String
    /// SHA-256 of the file, hexadecimal.
    public let sha256: String
    /// Length of the file in bytes.
    public let bytes: Int
    /// The decoded image.
    public let image: RGBImage
    /// `[1, 3, H, W]` in [-1, 1] at the model's size.
    public let pixels: Tensor
    /// Seconds spent on reading, decoding and resampling.
    public let seconds: Double
    /// What the image was asked for, where that is known of this image; nil for what the recovery's settings say.
    public var prompt: String?

    /// Whether the image had to be resized or cropped.
    public var isResampled: Bool { image.height != pixels.shape[2] || image.width != pixels.shape[3] }

    /// Reads a file and brings it to the model's size.
    /// - Throws: `InputError` naming the file where it is not an image that can be read.
    public init(path: String, imageSize: (height: Int, width: Int), limitMegapixels: Double) throws {
        let start = ContinuousClock.now
        let file = try InputFile.read(path, limit: ImageFile.largestFile)
        let image = try ImageDecoder.decode([UInt8](file), named: path, limitMegapixels: limitMegapixels)
        self.path = path
        sha256 = Self.hexadecimalSHA256(file)
        bytes = file.count
        self.image = image
        pixels = ImagePreprocessing.tensor(of: image, size: imageSize)
        seconds = (ContinuousClock.now - start) / .seconds(1)
    }

    private static func hexadecimalSHA256(_ data: Data) -> String {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        data.withUnsafeBytes { bytes in
            _ = crypto_hash_sha256(&digest, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
        }
        return digest.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}

extension Subject {
    /// An image that is in memory already.
    package init(
        path: String, sha256: String, bytes: Int, image: RGBImage, pixels: Tensor, seconds: Double
    ) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.image = image
        self.pixels = pixels
        self.seconds = seconds
    }
}
