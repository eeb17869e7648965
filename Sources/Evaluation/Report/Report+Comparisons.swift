import Foundation
import Verdicts

/// Our figures beside the reference's, and one key beside another.
extension Report {
    /// ringkey beside the reference's figures on the same images.
    func reference(_ assessment: Assessment) -> ReportSection? {
        let comparisons = assessment.all.comparisons
        guard !comparisons.isEmpty else { return nil }
        var last: (Int, Int)?
        let rows = comparisons.flatMap { comparison -> [[String]] in
            let reference = comparison.reference
            let isRepeated = last.map { $0 == (reference.positives, reference.negatives) } ?? false
            last = (reference.positives, reference.negatives)
            return [isRepeated ? nil : comparison.ours, reference].compactMap { $0 }.map { score in
                Self.row(score, score.measure == .exactP ? nil : comparison.difference)
            }
        }
        return ReportSection(
            title: ReportWords.referenceTitle, paragraphs: [ReportWords.reference],
            tables: [
                .init(caption: ReportWords.referenceCaption, columns: ReportWords.referenceColumns, rows: rows)
            ],
            notes: [ReportWords.referenceNote])
    }

    private static func row(_ score: ScoreAssessment, _ difference: DeLong.Difference?) -> [String] {
        let point = score.operatingPoints.first { $0.threshold != nil && $0.rate == 0.01 }
        return [
            score.measure.title, ReportText.count(score.positives), ReportText.count(score.negatives),
            ReportText.area(score), ReportText.share(point?.truePositives), difference.map(ReportText.deficit) ?? "",
            difference?.pValue.map { PValueText.text(log10: log10($0)) } ?? "",
        ]
    }

    /// Which key was found for which.
    func confusion(_ assessment: Assessment) -> ReportSection? {
        guard let matrix = assessment.confusion else { return nil }
        func share(_ proportion: Proportion?) -> String {
            guard let proportion, let estimate = proportion.estimate else { return ReportWords.nothing }
            return "\(ReportText.percent(estimate)) [\(ReportText.percent(proportion.wilsonInterval))]"
        }
        let rows = matrix.rows.map { row in
            [ReportWords.truth(row.truth, matrix.keys)] + row.found.map(ReportText.count) + [
                ReportText.count(row.notFound), ReportText.count(row.undecided), ReportText.count(row.failed),
                share(row.right), share(row.nearest),
            ]
        }
        return ReportSection(
            title: ReportWords.confusionTitle,
            tables: [
                .init(
                    caption: ReportWords.confusion, columns: ReportWords.confusionColumns(matrix.keys), rows: rows)
            ],
            notes: [ReportWords.confusionNote])
    }

    /// The worst misses and the false finds, with pictures.
    func mistakes(_ assessment: Assessment) -> [ReportSection] {
        func section(
            _ words: (title: String, note: String), _ images: [LabelledImage], total: Int
        ) -> ReportSection? {
            guard !images.isEmpty else { return nil }
            let entries = images.map { image in
                entry(image.result, more: image.label.group.map { [(ReportWords.figures.group, $0)] } ?? [])
            }
            return ReportSection(
                title: words.title, gallery: .init(entries: entries),
                notes: [ReportWords.firstOf(words.note, shown: images.count, total: total)])
        }
        let (marked, clean) = (assessment.all.positives, assessment.all.negatives)
        return [
            section(ReportWords.misses, assessment.misses, total: marked.notWatermarked + marked.undecided),
            section(ReportWords.falseFinds, assessment.falseFinds, total: clean.watermarked),
        ].compactMap { $0 }
    }
}
