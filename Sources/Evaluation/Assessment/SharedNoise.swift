import Verdicts

/// Images that have more of their noise in common than a key: the same picture saved twice, or other pictures that were made from
/// the noise of one. All marked images of the results are held against each other (docs/forgery.md).
public struct SharedNoise: Sendable {
    /// Two images of one noise.
    public struct Pair: Sendable {
        /// Places in the results.
        public let images: (Int, Int)
        /// Of the noises beside the key.
        public let correlation: Double
        /// Between the pictures, as `NoiseSketch.pictureDistance`.
        public let pictureDistance: Double
        /// Whether the two are one picture.
        public var isSamePicture: Bool { pictureDistance <= NoiseSketch.samePicture }
    }

    /// The most pairs that reports list.
    static let mostListed = 200

    /// How many images were held against each other.
    public let compared: Int
    /// The pairs, the strongest first.
    public let pairs: [Pair]

    /// Nil where less than two images can be compared.
    init?(_ images: [ImageResult]) {
        let known = images.enumerated().compactMap { place, image in
            image.judgement.flatMap { judgement in
                judgement.sketch.map { (place: place, model: judgement.model, sketch: $0) }
            }
        }
        guard known.count > 1 else { return nil }
        compared = known.count
        var pairs: [Pair] = []
        for (index, first) in known.enumerated() {
            for second in known[(index + 1)...]
            where second.model == first.model && second.sketch.family == first.sketch.family {
                let correlation = first.sketch.correlation(with: second.sketch)
                guard correlation >= NoiseSketch.sharing else { continue }
                pairs.append(
                    Pair(
                        images: (first.place, second.place), correlation: correlation,
                        pictureDistance: first.sketch.pictureDistance(to: second.sketch)))
            }
        }
        self.pairs = pairs.sorted { $0.correlation > $1.correlation }
    }

    /// Places of the images that share noise with a picture that is not the same.
    var sharing: Set<Int> {
        Set(pairs.filter { !$0.isSamePicture }.flatMap { [$0.images.0, $0.images.1] })
    }
}
