import Plotting

/// The p-values of what was not found.
extension Report {
    /// Their histogram against the uniform line.
    var pValues: ReportSection? {
        let total = summary.pValues.reduce(0, +)
        guard total > 0 else { return nil }
        let bins = Double(ResultsOverview.bins)
        let expected = Double(total) / bins
        let spread = Interval.normalReach * (expected * (1 - 1 / bins)).squareRoot()
        let highest = Double(summary.pValues.max() ?? 0)
        let (axes, series) = (ReportWords.pValuesAxes, ReportWords.pValuesSeries)
        var chart = SVGChart(
            identifier: "pvalues", description: ReportWords.pValuesDescription(total),
            horizontal: SVGAxis(axes.horizontal, 0...1),
            vertical: SVGAxis(axes.vertical, 0...max(highest, expected + spread) * 1.08), legend: .above)
        chart.band(from: max(0, expected - spread), to: expected + spread, label: series.band)
        chart.bars(
            summary.pValues.enumerated().map { (Double($0) / bins, Double($0 + 1) / bins, Double($1)) }, .first,
            label: series.bars)
        chart.rule(at: expected, label: series.rule)
        let counts = summary.counts
        return ReportSection(
            title: ReportWords.pValuesTitle,
            paragraphs: ReportWords.pValuesMeaning(
                judged: counts.images - counts.failed - counts.withoutScore, found: counts.watermarked,
                chance: summary.expectedFalsePositives),
            figures: [
                .init(title: ReportWords.pValuesFigure(total), svg: chart.svg, note: ReportWords.pValuesNote)
            ])
    }
}
