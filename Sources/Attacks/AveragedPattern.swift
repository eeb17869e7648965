import InputErrors
import Pictures

/// What marked pictures have more than unmarked ones on average, added to an unmarked picture (Yang et al. 2024, "Can simple
/// averaging defeat modern watermarks?", grey-box forgery): a mark that is the same whatever the picture shows remains.
enum AveragedPattern {
    /// - Parameters:
    ///   - cover: what the pattern is added to.
    ///   - marked: pictures of one key.
    ///   - clean: unmarked ones.
    /// - Throws: `InputError` for pictures of different sizes.
    static func added(to cover: RGBImage, marked: [RGBImage], clean: [RGBImage]) throws -> RGBImage {
        guard let other = (marked + clean).first(where: { $0.width != cover.width || $0.height != cover.height }) else {
            let pattern = zip(mean(marked), mean(clean)).map { $0 - $1 }
            let samples = zip(cover.pixels, pattern).map { UInt8(max(0, min(255, (Float($0) + $1).rounded()))) }
            return RGBImage(width: cover.width, height: cover.height, pixels: samples)
        }
        throw InputError(
            "attack average", expected: "pictures of \(cover.width)×\(cover.height)",
            found: "one of \(other.width)×\(other.height)", as: .wrongShape)
    }

    private static func mean(_ images: [RGBImage]) -> [Float] {
        var sums = [Float](repeating: 0, count: images[0].pixels.count)
        for image in images {
            for (index, sample) in image.pixels.enumerated() { sums[index] += Float(sample) }
        }
        return sums.map { $0 / Float(images.count) }
    }
}
