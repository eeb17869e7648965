import Tensors

/// Figures that tell whether a recovered latent looks like the noise a model starts from. Where it does not, the model
/// or the preprocessing is probably not the one that made the image, and the absence of a mark means nothing.
public struct NoiseLikeness: Sendable, Equatable {
    /// Standard deviation of all elements; of initial noise 1.
    public let standardDeviation: Double
    /// Kurtosis minus 3; of noise 0.
    public let excessKurtosis: Double
    /// Mean correlation of horizontal and vertical neighbours; of noise 0, of a picture near 1.
    public let neighbourCorrelation: Double

    /// - Parameter latent: `[1, C, h, w]`.
    /// - Throws: `InputError` where an element is NaN or infinite.
    public init(_ latent: Tensor) throws {
        precondition(latent.shape.count == 4 && latent.batch == 1, "one latent, not \(latent.shape)")
        guard latent.isFinite else {
            throw InputError("recovered latent", expected: "numbers", found: "NaN or infinity")
        }
        let (channels, height, width) = (latent.shape[1], latent.shape[2], latent.shape[3])
        let mean = latent.mean
        var (second, fourth) = (0.0, 0.0)
        var (products, energy) = (0.0, 0.0)
        latent.withUnsafeBufferPointer { elements in
            for value in elements {
                let square = (Double(value) - mean) * (Double(value) - mean)
                second += square
                fourth += square * square
            }
            for channel in 0..<channels {
                let plane = elements[channel * height * width..<(channel + 1) * height * width]
                let planeMean = plane.reduce(0.0) { $0 + Double($1) } / Double(plane.count)
                func centred(_ y: Int, _ x: Int) -> Double {
                    Double(plane[plane.startIndex + y * width + x]) - planeMean
                }
                for y in 0..<height - 1 {
                    for x in 0..<width - 1 {
                        let here = centred(y, x)
                        products += here * (centred(y, x + 1) + centred(y + 1, x)) / 2
                        energy += here * here
                    }
                }
            }
        }
        let count = Double(latent.count)
        standardDeviation = (second / count).squareRoot()
        excessKurtosis = second == 0 ? 0 : fourth * count / (second * second) - 3
        neighbourCorrelation = energy == 0 ? 0 : products / energy
    }

    /// What is accepted as noise-like. The defaults are wide, for inversion smooths: docs/science.md has the figures of
    /// recovered latents, sound ones and others, and how many fall outside.
    public struct Limits: Sendable, Equatable {
        public var standardDeviation: ClosedRange<Double>
        public var excessKurtosis: ClosedRange<Double>
        public var neighbourCorrelation: ClosedRange<Double>

        public static let standard = Limits(
            standardDeviation: 0.25...1.75, excessKurtosis: -1.5...30, neighbourCorrelation: -0.5...0.85)
    }

    /// The first figure outside its limits, in words, with the limit it broke; nil for a noise-like latent.
    public func objection(_ limits: Limits = .standard) -> (message: String, measured: Double, limit: Double)? {
        let figures = [
            ("standard deviation", standardDeviation, limits.standardDeviation),
            ("excess kurtosis", excessKurtosis, limits.excessKurtosis),
            ("correlation of neighbours", neighbourCorrelation, limits.neighbourCorrelation),
        ]
        for (name, value, range) in figures where !range.contains(value) {
            let limit = value < range.lowerBound ? range.lowerBound : range.upperBound
            return (
                "the recovered latent's \(name) is outside \(range.lowerBound) ... \(range.upperBound)", value, limit
            )
        }
        return nil
    }
}
