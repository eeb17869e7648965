import Foundation

/// How well one route brings back the marks of one family of keys, measured from marked images.
public struct MarkRecovery: Sendable, Equatable {
    /// The route's name, as in `Calibration.nulls`.
    public let route: String
    /// The family of the key that the images were marked with: the scheme and the geometry in its words.
    public let family: String
    /// How many marked images there were.
    public let images: Int
    /// The signal-to-noise ratio that nineteen of twenty of the images had or passed.
    public let signalToNoise: Double

    /// The fewest marked images that a ratio is taken from.
    public static let fewestImages = 8

    /// - Parameter ratios: the signal-to-noise ratio of each image, at least `fewestImages`, each finite and at least 0.
    public init(route: String, family: String, ratios: [Double]) {
        precondition(ratios.count >= Self.fewestImages, "\(ratios.count) ratios")
        self.init(
            route: route, family: family, images: ratios.count, signalToNoise: ratios.sorted()[ratios.count / 20])
    }

    private init(route: String, family: String, images: Int, signalToNoise: Double) {
        self.route = route
        self.family = family
        self.images = images
        self.signalToNoise = signalToNoise
    }

    /// As it stands in a calibration's metadata: route, images, ratio and family, with spaces between them.
    var line: String { "\(route) \(images) \(signalToNoise) \(family)" }

    /// Reads `line`; nil for anything else.
    init?(line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 3).map(String.init)
        guard parts.count == 4, let images = Int(parts[1]), images >= Self.fewestImages,
            let ratio = Double(parts[2]), ratio.isFinite, ratio >= 0
        else { return nil }
        self.init(route: parts[0], family: parts[3], images: images, signalToNoise: ratio)
    }
}
