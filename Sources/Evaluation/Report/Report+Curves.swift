import Foundation
import Plotting

/// Curves, scores and thresholds.
extension Report {
    /// ROC curves, score histogram, and the table of operating points.
    func curves(_ assessment: Assessment) -> ReportSection? {
        guard let score = assessment.all.score else { return nil }
        var section = ReportSection(title: ReportWords.curvesTitle)
        section.figures = [
            roc(assessment.all, score: score, isLogarithmic: false),
            roc(assessment.all, score: score, isLogarithmic: true), histogram(assessment.histogram),
        ]
        section.tables.append(operatingPoints(assessment.all, score: score))
        section.notes.append(ReportWords.fitting)
        if summary.decidedEarly > 0 { section.notes.append(ReportWords.decidedEarly(summary.decidedEarly)) }
        section.notes.append(ReportWords.exactness)
        return section
    }

    private func roc(
        _ group: GroupAssessment, score: ScoreAssessment, isLogarithmic: Bool
    ) -> ReportSection.Figure {
        var curves: [(SVGSeries, String, [ScoreAssessment.Corner])] = [(.first, score.measure.title, score.curve)]
        for (series, comparison) in zip([SVGSeries.second, .third], group.comparisons) {
            curves.append((series, comparison.reference.measure.title, comparison.reference.curve))
        }
        let low = min(1 / Double(score.negatives), 0.1)
        let axis = ReportWords.rocHorizontalAxis(isLogarithmic: isLogarithmic)
        var chart = SVGChart(
            identifier: isLogarithmic ? "roclog" : "roclin", description: ReportWords.rocDescription,
            horizontal: isLogarithmic ? SVGAxis(axis, low...1, scale: .logarithmic) : SVGAxis(axis, 0...1),
            vertical: SVGAxis(ReportWords.rocVerticalAxis, 0...1), legend: .lowerRight)
        for (series, name, corners) in curves.reversed() {
            let shown = isLogarithmic ? Self.above(low, corners) : corners
            chart.line(shown.map { ($0.fpr, $0.tpr) }, series, label: name)
        }
        return .init(
            title: ReportWords.rocTitle(isLogarithmic: isLogarithmic), svg: chart.svg,
            note: ReportWords.rocNote(score, isLogarithmic: isLogarithmic))
    }

    /// The part of a curve from a rate on, with the height that it has there.
    private static func above(_ low: Double, _ corners: [ScoreAssessment.Corner]) -> [ScoreAssessment.Corner] {
        let height = corners.last { $0.fpr <= low }?.tpr ?? 0
        return [.init(fpr: low, tpr: height)] + corners.filter { $0.fpr > low }
    }

    private func histogram(_ histogram: ScoreHistogram) -> ReportSection.Figure {
        let end = histogram.start + Double(histogram.positives.count) * histogram.width
        let highest = Double((histogram.positives + histogram.negatives).max() ?? 1)
        let axes = ReportWords.scoresAxes
        var chart = SVGChart(
            identifier: "scores", description: ReportWords.scoresDescription,
            horizontal: SVGAxis(axes.horizontal, histogram.start...end),
            vertical: SVGAxis(axes.vertical, 0...highest * 1.08), legend: .above)
        func bars(_ counts: [Int]) -> [(from: Double, to: Double, height: Double)] {
            counts.enumerated().map { index, count in
                let from = histogram.start + Double(index) * histogram.width
                return (from, from + histogram.width, Double(count))
            }
        }
        chart.bars(bars(histogram.negatives), .second, label: ReportWords.classes.clean)
        chart.bars(bars(histogram.positives), .first, label: ReportWords.classes.marked)
        for rate in summary.rates.suffix(1) { chart.mark(at: -log10(rate), ReportWords.threshold(rate)) }
        return .init(title: ReportWords.scoresTitle, svg: chart.svg, note: ReportWords.scoresNote)
    }

    private func operatingPoints(_ group: GroupAssessment, score: ScoreAssessment) -> ReportSection.Table {
        let rows = zip(score.operatingPoints, group.parametric).map { point, exact -> [String] in
            let fitted =
                if let threshold = point.threshold {
                    [
                        ReportWords.fitted(threshold), ReportText.share(point.truePositives),
                        ReportText.share(point.falsePositives),
                    ]
                } else {
                    [ReportWords.tooFewToFit(point), ReportWords.nothing, ReportWords.nothing]
                }
            return [ReportText.rate(point.rate)] + fitted + [
                ReportText.share(exact.truePositives), ReportText.ratio(exact.falsePositives),
            ]
        }
        return .init(
            caption: ReportWords.operatingPoints, columns: ReportWords.operatingPointColumns, rows: rows,
            textColumns: [0, 1])
    }
}
