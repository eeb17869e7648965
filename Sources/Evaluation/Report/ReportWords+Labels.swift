import Foundation
import Marks

/// The parts that need labels.
extension ReportWords {
    // MARK: - How much is found

    static let accuracyTitle = "How much is found"
    static let accuracyNote = """
        Found: verdict watermarked, which needs no fitted threshold. Intervals are 95 %: exact (Clopper and Pearson) for \
        shares, DeLong's for areas; DeLong's has no width where marked and clean do not overlap.
        """
    static let borrowedNegatives =
        "Groups without clean images of their own are compared with the clean images that have no group."
    static let dashes = "A dash means that there are no images, or too few clean ones to fit a threshold on."

    static func headline(_ all: GroupAssessment, rates: [Double]) -> String {
        """
        At the verifier's own threshold (p ≤ \(rates.map(ReportText.rate).joined(separator: ", "))) \
        \(ReportText.ratio(all.positives.found)) marked images are found: \(ReportText.share(all.positives.found)). Of \
        the clean ones it finds \(ReportText.ratio(all.negatives.found)): \(ReportText.share(all.negatives.found)).
        """
    }

    static func precision(_ precision: Precision) -> String {
        let estimate = precision.estimate.map { ReportText.percent($0) } ?? "undefined, as nothing is found"
        return """
            Where \(ReportText.rate(precision.prevalence)) of images are marked, the share of finds that are marked \
            (precision) is \(estimate) at the measured rates, with an interval of \
            \(ReportText.percent(precision.interval)): its lower end is what the number of clean images can vouch for.
            """
    }

    /// - Parameters:
    ///   - precision: where the p-value keeps its promise.
    ///   - rate: the promise.
    static func promisedPrecision(_ precision: Double, rate: Double) -> String {
        """
         At the false-positive rate that the p-value promises (\(ReportText.rate(rate))) it is \
        \(ReportText.percent(precision)).
        """
    }

    /// - Parameter classes: what is known of the images, and how many failed or have no p-value.
    static func notScored(_ classes: [(name: String, failed: Int, withoutScore: Int)]) -> String {
        let parts = classes.map { name, failed, withoutScore in
            "\(ReportText.count(failed)) \(name) could not be judged and "
                + "\(ReportText.count(withoutScore)) \(name) have no p-value"
        }
        return "In no curve and no rate: " + parts.joined(separator: "; ") + "."
    }

    static let classes = (marked: "marked", clean: "clean")
    static let groupColumns = ["group", "marked", "clean", "found of marked", "found of clean", "AUC"]
    static let referenceColumn = "AUC of reference L1"
    static let precisionColumn = "precision"
    static let allTogether = "all together"
    static let noGroup = "(no group)"

    static func foundColumn(_ rate: Double) -> String { "found at FPR \(ReportText.rate(rate)), fitted" }

    static func groupCaption(_ groups: Int) -> String { groups > 1 ? "One row a group" : "All labelled images" }

    static let intervalsTitle = "Marked images found, by group"
    static let intervalsAxis = "share of marked images found"
    static let intervalsDescription = "Share of marked images found in each group, with exact intervals"
    static let intervalsNote = "At the verifier's own threshold; whiskers are exact 95 % intervals."

    static func interval(_ found: Proportion) -> String { "\(found.successes) of \(found.trials)" }

    // MARK: - Which key

    static let confusionTitle = "Which key"
    static let confusion = "Confusion matrix"
    static let confusionNote = """
        Intervals are Wilson's, 95 %. For clean images, right means that nothing is found. "Best key is right" is the choice \
        among the keys for images that carry one of them, whatever the p-value.
        """

    static func confusionColumns(_ keys: [KeyIdentity]) -> [String] {
        ["image carries"] + keys.map { "found: \($0.name)" } + [
            "none found", "undecided", "failed", "right, of judged", "best key is right",
        ]
    }

    static func truth(_ truth: ConfusionMatrix.Truth, _ keys: [KeyIdentity]) -> String {
        switch truth {
        case .key(let place): "\(keys[place].name) (\(keys[place].id))"
        case .other(let name): "\(name) (not looked for)"
        case .unnamed: "marked, key not named"
        case .clean: "clean"
        }
    }

    // MARK: - Mistakes

    static let misses = (title: "Worst misses", note: "Marked images that were not found, the weakest match first.")
    static let falseFinds = (
        title: "Clean images found",
        note: "Check their labels first: a p-value far below the asked rate is no accident."
    )

    static func firstOf(_ note: String, shown: Int, total: Int) -> String {
        shown < total ? "\(note) The first \(shown) of \(ReportText.count(total))." : note
    }
}
