import Images
import Marks

/// How evidence is to become a verdict, as a user asks for it.
public struct DetectionRequest: Sendable {
    /// The false-positive rate to decide at, in (0, 1).
    public var falsePositiveRate: Double
    /// Whether a match of opposite sign counts too.
    public var twoSided: Bool
    /// Decoy keys to rank the key against; 0 for none.
    public var decoys: Int
    /// Images to run through the model at once.
    public var batch: Int
    /// Larger images are refused.
    public var limitMegapixels: Double
    /// What the model's unmarked images have in common.
    public var calibration: CalibrationChoice

    /// A request; by default one in a million, one-sided, with the calibration beside the model.
    public init(
        falsePositiveRate: Double = 1e-6, twoSided: Bool = false, decoys: Int = DecoyKeys.standardCount,
        batch: Int = 4, limitMegapixels: Double = ImageDecoder.defaultLimitMegapixels,
        calibration: CalibrationChoice = .besideModel
    ) {
        self.falsePositiveRate = falsePositiveRate
        self.twoSided = twoSided
        self.decoys = decoys
        self.batch = batch
        self.limitMegapixels = limitMegapixels
        self.calibration = calibration
    }

    /// The settings that change verdicts, by the names that headers give them; `batch` is none of them.
    var described: [String: String] {
        [
            "fpr": "\(falsePositiveRate)", "two-sided": "\(twoSided)", "decoys": "\(decoys)",
            "max-megapixels": "\(limitMegapixels)",
        ]
    }
}
