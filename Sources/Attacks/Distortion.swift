import Images
import InputErrors
import Pictures
import RandomNumbers

/// One change that images suffer, on purpose or on their way through the world, with a strength.
///
/// Each is what Pillow or torchvision does under the same name, to the last bit where nothing is random. The random ones
/// draw from a generator, so that a seed determines them. The result has the size of the image.
public struct Distortion: Hashable, Sendable {
    /// What is done. The raw value is the name in spellings.
    public enum Kind: String, CaseIterable, Sendable {
        /// The image as it is.
        case none
        /// Turned anticlockwise by degrees about the centre, nearest neighbour, black corners.
        case rotation
        /// Through a JPEG file of this quality with 4:2:0 colour.
        case jpeg
        /// A random window of this percentage of the area, in the image's proportions, stretched to the image's size.
        case crop
        /// Pillow's Gaussian blur of this radius in pixels.
        case blur
        /// Independent normal noise of this standard deviation, where white is 1.
        case noise
        /// All samples times one random factor, uniform from max(0, 1 - b) to 1 + b.
        case brightness
        /// All samples times this factor.
        case brighten
        /// Differences from the mean grey times this factor.
        case contrast
        /// Differences from the pixel's own grey times this factor; 0 for a grey image.
        case saturation
        /// Samples, where white is 1, to this power.
        case gamma
        /// The median of a square with this side, channel by channel.
        case median
        /// Resized to this percentage of its sides and back.
        case resize
        /// Moved right and down by this percentage of its sides; what is left free is black.
        case shift
        /// Mirrored left to right.
        case flip
    }

    /// What is done.
    public let kind: Kind
    /// How much of it, in the kind's own unit; 0 for kinds without a strength.
    public let strength: Double

    /// - Parameters:
    ///   - kind: what is done.
    ///   - strength: nil for the kind's standard one.
    /// - Throws: `InputError` for a strength that the kind does not have.
    public init(_ kind: Kind, strength: Double? = nil) throws {
        self.kind = kind
        self.strength = try kind.accepted(strength)
    }

    /// The distorted image, of the same size.
    /// - Parameters:
    ///   - image: with at least one pixel.
    ///   - generator: read by `noise`, `crop` and `brightness` only.
    /// - Throws: `InputError` for an image without pixels, or one that JPEG cannot hold.
    public func apply(to image: RGBImage, using generator: inout SeededGenerator) throws -> RGBImage {
        guard image.width > 0, image.height > 0 else {
            throw InputError(
                "image", expected: "at least one pixel", found: "\(image.width)×\(image.height)", as: .wrongShape)
        }
        switch kind {
        case .none: return image
        case .rotation: return NearestTransform.rotate(image, degrees: strength)
        case .jpeg:
            let file = try JPEGEncoder.encode(image, quality: Int(strength), subsampling: .yuv420)
            return try ImageDecoder.decode(file, named: "JPEG in memory", limitMegapixels: .infinity)
        case .crop: return CropAndRescale.random(image, area: strength / 100, using: &generator)
        case .blur: return GaussianBlur.blur(image, radius: strength)
        case .noise: return PixelNoise.add(to: image, deviation: strength, using: &generator)
        case .brightness:
            let (low, high) = (max(0, 1 - strength), 1 + strength)
            return ColourAdjustment.brightness(image, factor: low + (high - low) * generator.nextUniform())
        case .brighten: return ColourAdjustment.brightness(image, factor: strength)
        case .contrast: return ColourAdjustment.contrast(image, factor: strength)
        case .saturation: return ColourAdjustment.saturation(image, factor: strength)
        case .gamma: return ColourAdjustment.gamma(image, exponent: strength)
        case .median: return MedianFilter.filter(image, side: Int(strength))
        case .resize:
            let (width, height) = (Self.scaled(image.width, strength), Self.scaled(image.height, strength))
            return Resampling.resize(
                Resampling.resize(image, width: width, height: height), width: image.width, height: image.height)
        case .shift:
            return NearestTransform.shift(
                image, right: Int((Double(image.width) * strength / 100).rounded()),
                down: Int((Double(image.height) * strength / 100).rounded()))
        case .flip: return NearestTransform.mirror(image)
        }
    }

    private static func scaled(_ side: Int, _ percent: Double) -> Int {
        max(1, Int((Double(side) * percent / 100).rounded(.toNearestOrEven)))
    }
}
