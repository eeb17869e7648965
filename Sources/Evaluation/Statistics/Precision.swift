/// The share of finds that are marked, where a given share of all images is: prevalence·TPR over
/// prevalence·TPR + (1 - prevalence)·FPR.
public struct Precision: Encodable, Sendable, Equatable {
    /// The share of marked images among all.
    public var prevalence: Double
    /// At the measured rates; nil where nothing is found at all.
    public var estimate: Double?
    /// At least 95 %: from the exact intervals of 97.5 % of both rates.
    public var interval: Interval

    /// - Parameters:
    ///   - prevalence: in [0, 1].
    ///   - truePositives: marked images that were found.
    ///   - falsePositives: others that were found.
    public init(prevalence: Double, truePositives: Proportion, falsePositives: Proportion) {
        let (power, alarm) = (
            truePositives.exactInterval(confidence: 0.975), falsePositives.exactInterval(confidence: 0.975)
        )
        self.prevalence = prevalence
        if let tpr = truePositives.estimate, let fpr = falsePositives.estimate {
            estimate = Self.value(prevalence, tpr, fpr)
        }
        interval = Interval(
            lower: Self.value(prevalence, power.lower, alarm.upper) ?? 0,
            upper: Self.value(prevalence, power.upper, alarm.lower) ?? 1)
    }

    /// The share itself; nil where nothing is found.
    public static func value(_ prevalence: Double, _ tpr: Double, _ fpr: Double) -> Double? {
        let right = prevalence * tpr
        let wrong = (1 - prevalence) * fpr
        return right + wrong > 0 ? right / (right + wrong) : nil
    }
}
