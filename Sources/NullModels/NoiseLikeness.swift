import InputErrors
import Spectra
import Tensors

/// Figures that tell whether a recovered latent looks like the noise a model starts from. Where it does not, the model
/// or the preprocessing is probably not the one that made the image, and the absence of a mark means nothing.
///
/// The figures are those of the whole latent, and a channel's mean is taken away first where a channel is meant.
public struct NoiseLikeness: Sendable, Equatable {
    /// The channel mean of the largest magnitude; of noise 0.
    public let channelMean: Double
    /// Standard deviation of all elements; of initial noise 1.
    public let standardDeviation: Double
    /// Kurtosis minus 3; of noise 0.
    public let excessKurtosis: Double
    /// Correlation of horizontal and vertical neighbours; of noise 0, of a picture near 1.
    public let neighbourCorrelation: Double
    /// Mean power below an eighth of the shorter side in cycles, over the mean power everywhere, DC left out of both; of
    /// noise 1, of a picture up to 20.
    public let lowFrequencyDensity: Double

    /// - Parameter latent: `[1, C, h, w]`.
    /// - Throws: `InputError` where an element is NaN or infinite.
    public init(_ latent: Tensor) throws {
        precondition(latent.shape.count == 4 && latent.batch == 1, "one latent, not \(latent.shape)")
        guard latent.isFinite else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let shape = LatentShape(channels: latent.shape[1], height: latent.shape[2], width: latent.shape[3])
        let mean = latent.mean
        var (second, fourth) = (0.0, 0.0)
        var channels = ChannelSums(shape)
        latent.withUnsafeBufferPointer { elements in
            for value in elements {
                let square = (Double(value) - mean) * (Double(value) - mean)
                second += square
                fourth += square * square
            }
            for channel in 0..<shape.channels {
                channels.add(
                    UnsafeBufferPointer(
                        rebasing: elements[channel * shape.planeCount..<(channel + 1) * shape.planeCount]))
            }
        }
        let count = Double(latent.count)
        channelMean = channels.largestMean
        standardDeviation = (second / count).squareRoot()
        excessKurtosis = second == 0 ? 0 : fourth * count / (second * second) - 3
        neighbourCorrelation = channels.energy == 0 ? 0 : channels.products / channels.energy
        lowFrequencyDensity = channels.lowFrequencyDensity
    }

    /// What is accepted as noise-like. Wide, for inversion smooths: sound recoveries with the grove model, marked, clean,
    /// blurred or JPEG, have a channel mean up to 0.17, a standard deviation of 0.63 to 0.9, an excess kurtosis of -0.2 to
    /// 1.6, a correlation of neighbours of 0.04 to 0.34 and a low-frequency density of 0.7 to 3.8; other models may smooth
    /// more.
    public struct Limits: Sendable, Equatable {
        /// Of the channel mean of the largest magnitude.
        public var channelMean: ClosedRange<Double>
        /// Of all elements.
        public var standardDeviation: ClosedRange<Double>
        /// Of all elements.
        public var excessKurtosis: ClosedRange<Double>
        /// Of the correlation of neighbours.
        public var neighbourCorrelation: ClosedRange<Double>
        /// Of the density of power at low frequencies.
        public var lowFrequencyDensity: ClosedRange<Double>

        /// Custom limits, chosen from a model's own recovered latents.
        public init(
            channelMean: ClosedRange<Double>, standardDeviation: ClosedRange<Double>,
            excessKurtosis: ClosedRange<Double>, neighbourCorrelation: ClosedRange<Double>,
            lowFrequencyDensity: ClosedRange<Double>
        ) {
            self.channelMean = channelMean
            self.standardDeviation = standardDeviation
            self.excessKurtosis = excessKurtosis
            self.neighbourCorrelation = neighbourCorrelation
            self.lowFrequencyDensity = lowFrequencyDensity
        }

        /// The default limits of `objection`.
        public static let standard = Limits(
            channelMean: -0.75...0.75, standardDeviation: 0.25...1.75, excessKurtosis: -1.5...30,
            neighbourCorrelation: -0.5...0.85, lowFrequencyDensity: 0.1...12)
    }

    /// How a latent differs from noise.
    public struct Objection: Sendable, Equatable {
        /// In words.
        public let message: String
        /// The figure.
        public let measured: Double
        /// The limit that it broke.
        public let limit: Double

        /// A figure outside its limits.
        public init(message: String, measured: Double, limit: Double) {
            self.message = message
            self.measured = measured
            self.limit = limit
        }
    }

    /// The first figure outside its limits, in words, with the limit it broke; nil for a noise-like latent.
    public func objection(_ limits: Limits = .standard) -> Objection? {
        let figures = [
            ("channel mean", channelMean, limits.channelMean),
            ("standard deviation", standardDeviation, limits.standardDeviation),
            ("excess kurtosis", excessKurtosis, limits.excessKurtosis),
            ("correlation of neighbours", neighbourCorrelation, limits.neighbourCorrelation),
            ("low-frequency density", lowFrequencyDensity, limits.lowFrequencyDensity),
        ]
        for (name, value, range) in figures where !range.contains(value) {
            let limit = value < range.lowerBound ? range.lowerBound : range.upperBound
            return Objection(
                message: "the recovered latent's \(name) is outside \(range.lowerBound) ... \(range.upperBound)",
                measured: value, limit: limit)
        }
        return nil
    }
}

/// What is summed channel by channel.
private struct ChannelSums {
    private(set) var largestMean = 0.0
    /// Products of neighbours and squares, over the elements that have both neighbours.
    private(set) var products = 0.0
    private(set) var energy = 0.0
    private var lowPower = 0.0
    private var power = 0.0
    private let shape: LatentShape
    private let isLow: [Bool]
    private let transform: PlaneTransform
    private let plane: ComplexPlane

    init(_ shape: LatentShape) {
        self.shape = shape
        let grid = FrequencyGrid(shape)
        let limit = Double(min(shape.height, shape.width)) / 8
        isLow = (0..<grid.count).map { $0 > 0 && grid.magnitude(at: $0) < limit }
        transform = PlaneTransform(height: shape.height, width: shape.width)
        plane = ComplexPlane(height: shape.height, width: shape.width)
    }

    mutating func add(_ elements: UnsafeBufferPointer<Float>) {
        let mean = elements.reduce(0.0) { $0 + Double($1) } / Double(elements.count)
        if abs(mean) > abs(largestMean) { largestMean = mean }
        func centred(_ y: Int, _ x: Int) -> Double { Double(elements[y * shape.width + x]) - mean }
        for y in 0..<shape.height - 1 {
            for x in 0..<shape.width - 1 {
                let here = centred(y, x)
                products += here * (centred(y, x + 1) + centred(y + 1, x)) / 2
                energy += here * here
            }
        }
        for i in elements.indices { plane[i] = (Float(Double(elements[i]) - mean), 0) }
        transform.forward(plane)
        for i in elements.indices where i > 0 {
            let value = plane[i]
            let square = Double(value.real) * Double(value.real) + Double(value.imaginary) * Double(value.imaginary)
            power += square
            if isLow[i] { lowPower += square }
        }
    }

    /// 1 where there is nothing to compare: a constant latent, or a plane too small for a low frequency.
    var lowFrequencyDensity: Double {
        let low = isLow.count { $0 }
        return low == 0 || power == 0 ? 1 : lowPower / Double(low) / (power / Double(isLow.count - 1))
    }
}
