import Images
import InputErrors
import Pictures
import RandomNumbers

/// One change that images suffer, on purpose or on their way through the world, with a strength.
///
/// Each is what Pillow or torchvision does under the same name, to the last bit where nothing is random. The random ones
/// draw from a generator, so that a seed determines them. Those that cut, enlarge or frame a picture give another size.
public struct Distortion: Hashable, Sendable {
    /// What is done. The raw value is the name in spellings.
    public enum Kind: String, CaseIterable, Sendable {
        /// The image as it is.
        case none
        /// Turned anticlockwise by degrees about the centre, nearest neighbour, black corners.
        case rotation
        /// Turned by a random angle of at most these degrees either way, bilinear, black corners.
        case turn
        /// Turned by degrees, bilinear, on a black canvas that holds all of it.
        case expand
        /// Turned by degrees, bilinear, and cut to the largest window without black corners.
        case straighten
        /// Turned by 90, 180 or 270 degrees, no pixel lost.
        case quarter
        /// Mirrored left to right.
        case flip
        /// Mirrored top to bottom.
        case vflip
        /// Moved right and down by this percentage of its sides; what is left free is black.
        case shift
        /// A random window of this percentage of the area, in the image's proportions, stretched to the image's size.
        case crop
        /// The middle of this percentage of the area, at its own pixels.
        case centrecrop
        /// A random window of this percentage of the area and of random proportions, at its own pixels.
        case window
        /// Stretched so that width : height becomes this many times as much, at the same area.
        case aspect
        /// Resized to this percentage of its sides.
        case scale
        /// Resized to this percentage of its sides and back.
        case resize
        /// Black bars on two sides, so that width : height is this.
        case letterbox
        /// Each corner moved inwards at random, by at most this percentage of half the sides, bilinear, on black.
        case perspective
        /// Somewhere on a light page with grey lines of text, of whose sides it takes 40 to 70 %.
        case screenshot
        /// Printed and scanned this carelessly: askew, blurred, on paper, with grain.
        case printscan
        /// Through a JPEG file of this quality with 4:2:0 colour.
        case jpeg
        /// Pillow's Gaussian blur of this radius in pixels.
        case blur
        /// Independent normal noise of this standard deviation, where white is 1.
        case noise
        /// The median of a square with this side, channel by channel.
        case median
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
        /// Through a model's autoencoder, this many times.
        case vae
        /// Noised as at this timestep of 1,000 and denoised by a model.
        case regenerate
        /// Generated anew from the noise of the image, for another prompt.
        case copy
        /// An unmarked picture with what this many marked pictures have more than as many unmarked ones, on average.
        case average

        /// Whether it takes a `Redrawer`.
        var needsModel: Bool { self == .vae || self == .regenerate || self == .copy }
        /// Whether what comes of a marked image is another picture with its mark: a forgery.
        var isForgery: Bool { self == .copy || self == .average }
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

    /// The distorted image.
    /// - Parameters:
    ///   - image: with at least one pixel.
    ///   - generator: read where something is random.
    ///   - tools: for the kinds that need some.
    /// - Throws: `InputError` for an image without pixels, one that JPEG cannot hold, or a missing tool, and what the tools
    ///   throw.
    public func apply(
        to image: RGBImage, using generator: inout SeededGenerator, tools: AttackTools = AttackTools()
    ) throws -> RGBImage {
        guard image.width > 0, image.height > 0 else {
            throw InputError(
                "image", expected: "at least one pixel", found: "\(image.width)×\(image.height)", as: .wrongShape)
        }
        switch kind {
        case .none: return image
        case .rotation: return NearestTransform.rotate(image, degrees: strength)
        case .turn: return Rotation.turn(image, degrees: strength * (2 * generator.nextUniform() - 1))
        case .expand: return Rotation.expand(image, degrees: strength)
        case .straighten: return Rotation.straighten(image, degrees: strength)
        case .quarter: return RightAngles.turn(image, degrees: Int(strength))
        case .flip: return RightAngles.mirror(image)
        case .vflip: return RightAngles.flip(image)
        case .shift: return NearestTransform.shift(image, share: strength / 100)
        case .crop: return CropAndRescale.random(image, area: strength / 100, using: &generator)
        case .centrecrop: return PixelWindow.centre(image, area: strength / 100)
        case .window: return PixelWindow.random(image, area: strength / 100, using: &generator)
        case .aspect: return Rescaling.aspect(image, factor: strength)
        case .scale: return Rescaling.scale(image, by: strength / 100)
        case .resize: return Rescaling.thereAndBack(image, by: strength / 100)
        case .letterbox: return Letterbox.frame(image, proportion: strength)
        case .perspective: return Perspective.random(image, share: strength / 100, using: &generator)
        case .screenshot: return Screenshot.take(image, using: &generator)
        case .printscan: return PrintAndScan.copy(image, strength: strength, using: &generator)
        case .jpeg:
            let file = try JPEGEncoder.encode(image, quality: Int(strength), subsampling: .yuv420)
            return try ImageDecoder.decode(file, named: "JPEG in memory", limitMegapixels: .infinity)
        case .blur: return GaussianBlur.blur(image, radius: strength)
        case .noise: return PixelNoise.add(to: image, deviation: strength, using: &generator)
        case .median: return MedianFilter.filter(image, side: Int(strength))
        case .brightness: return ColourAdjustment.jitteredBrightness(image, by: strength, using: &generator)
        case .brighten: return ColourAdjustment.brightness(image, factor: strength)
        case .contrast: return ColourAdjustment.contrast(image, factor: strength)
        case .saturation: return ColourAdjustment.saturation(image, factor: strength)
        case .gamma: return ColourAdjustment.gamma(image, exponent: strength)
        case .vae, .regenerate, .copy: return try redraw(image, using: &generator, by: tools.redrawer)
        case .average:
            guard let crowd = tools.crowd else {
                throw InputError(
                    "distortion average", expected: "marked and unmarked pictures", found: "none", as: .invalidSetting)
            }
            let drawn = try crowd.draw(Int(strength), seed: generator.next())
            return try AveragedPattern.added(to: drawn.cover, marked: drawn.marked, clean: drawn.clean)
        }
    }

    private func redraw(
        _ image: RGBImage, using generator: inout SeededGenerator, by redrawer: (any Redrawer)?
    ) throws -> RGBImage {
        guard let redrawer else {
            throw InputError(
                "distortion \(kind.rawValue)", expected: "a model to redraw with", found: "none", as: .noModel)
        }
        switch kind {
        case .copy: return try redrawer.copyNoise(of: image, seed: generator.next())
        case .regenerate: return try redrawer.regenerate(image, timestep: strength, seed: generator.next())
        default: return try (0..<Int(strength)).reduce(image) { image, _ in try redrawer.reconstruct(image) }
        }
    }
}
