import Foundation
import Verdicts

/// Curves, thresholds and the reference.
extension ReportWords {
    static let curvesTitle = "Curves"
    static let fitting = """
        Thresholds are fitted on one half of the clean images (the first by SHA-256) and scored on the other half and on \
        the marked images. The threshold is the k-th highest of n scores, k = ⌊rate·n⌋, so that another clean image is above \
        it with a chance of at most k/(n+1). Below 1/n no threshold can be fitted, and none is printed. The intervals do \
        not hold the chance in the fit itself; the column of false finds shows what became of it.
        """
    static let exactness = """
        The exact p-value needs no fitting: the right half of the table takes p ≤ rate as it is. Its promise is over the draw \
        of the key, for each image.
        """

    static func decidedEarly(_ finds: Int) -> String {
        """
        \(ReportText.count(finds, "find")) \(finds == 1 ? "was" : "were") decided before the last attempt. Their p-values are \
        larger than they could be, which blunts curves and shares at rates below the asked one.
        """
    }

    // MARK: - ROC curves

    static let rocDescription = "Share of marked images found against the share of clean images found"
    static let rocVerticalAxis = "share of marked images found (TPR)"

    static func rocTitle(isLogarithmic: Bool) -> String { isLogarithmic ? "ROC, logarithmic" : "ROC" }

    static func rocHorizontalAxis(isLogarithmic: Bool) -> String {
        isLogarithmic ? "share of clean images found, logarithmic" : "share of clean images found (FPR)"
    }

    static func rocNote(_ score: ScoreAssessment, isLogarithmic: Bool) -> String {
        isLogarithmic
            ? "Nothing is drawn below 1/N: \(ReportText.count(score.negatives)) clean images cannot show a lower rate."
            : "AUC \(ReportText.area(score)); higher and further left is better."
    }

    // MARK: - Scores

    static let scoresTitle = "Scores"
    static let scoresDescription = "Histogram of scores of marked and of clean images"
    static let scoresAxes = (horizontal: "-log₁₀ p", vertical: "images")
    static let scoresNote =
        "-log₁₀ of the corrected p-value, not cut at a p-value of 1; right of the dotted line is found."

    static func threshold(_ rate: Double) -> String { "p = \(ReportText.rate(rate))" }

    // MARK: - Operating points

    static let operatingPoints = "All groups: found at a false-positive rate"
    static let operatingPointColumns = [
        "FPR", "fitted threshold", "marked found", "held-out clean found", "exact p ≤ FPR: marked found",
        "exact p ≤ FPR: clean found",
    ]

    /// - Parameter score: -log₁₀ p.
    static func fitted(_ score: Double) -> String { "p < \(PValueText.text(log10: -score))" }

    static func tooFewToFit(_ point: OperatingPoint) -> String {
        let needed = ReportText.count(Int((1 / point.rate).rounded()))
        return "needs \(needed) clean images to fit, has \(ReportText.count(point.fittedOn))"
    }

    // MARK: - Beside the reference

    static let referenceTitle = "Beside the reference"
    static let reference = """
        The Tree-Ring package's figures on the same images, each held against ringkey on the images that have both. Its \
        p-value is not calibrated, so both are compared by ranking.
        """
    static let referenceCaption = "All groups"
    static let referenceColumns = [
        "score", "marked", "clean", "AUC", "found at FPR 1 %, fitted", "AUC less ringkey's", "p of no difference",
    ]
    static let referenceNote = "Differences by DeLong's test for two scores on the same images."
}
