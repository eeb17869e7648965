/// What became of the images of one label.
public struct ClassCounts: Encodable, Sendable, Equatable {
    /// Images with this label.
    public var images = 0
    /// Consistent with a key.
    public var watermarked = 0
    /// No mark was found.
    public var notWatermarked = 0
    /// No mark was found, and that means little.
    public var undecided = 0
    /// Could not be judged.
    public var failed = 0
    /// Judged with a key that has no p-value: in no curve.
    public var withoutScore = 0

    enum CodingKeys: String, CodingKey {
        case images, watermarked
        case notWatermarked = "not_watermarked"
        case undecided, failed
        case withoutScore = "without_score"
    }

    /// Verdicts of watermarked among the images that were judged.
    public var found: Proportion { Proportion(watermarked, of: images - failed) }

    /// Counts images.
    init(_ images: [LabelledImage]) {
        for image in images { add(image.result) }
    }

    /// Counts one more.
    mutating func add(_ image: ImageResult) {
        images += 1
        guard let judgement = image.judgement else {
            failed += 1
            return
        }
        switch judgement.decision {
        case .watermarked: watermarked += 1
        case .notWatermarked: notWatermarked += 1
        case .undecided: undecided += 1
        }
        if judgement.log10P == nil { withoutScore += 1 }
    }
}
