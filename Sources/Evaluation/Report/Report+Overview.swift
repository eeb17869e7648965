/// What all results say in short.
extension Report {
    /// Counts, and in one sentence what they say.
    var overview: ReportSection {
        let counts = summary.counts
        let rates = summary.rates.first.flatMap { first in summary.rates.last.map { (first, $0) } }
        var section = ReportSection(
            title: ReportWords.overviewTitle,
            paragraphs: [ReportWords.lead(counts, rates: rates)] + warnings.map(ReportWords.warning))
        let names = ReportWords.outcomeNames
        section.tables.append(
            .init(
                caption: ReportWords.outcomes, columns: ReportWords.outcomeColumns,
                rows: [
                    (names.watermarked, counts.watermarked), (names.notWatermarked, counts.notWatermarked),
                    (names.undecided, counts.undecided), (names.failed, counts.failed),
                ].map { name, count in
                    let share =
                        counts.images == 0
                        ? ReportWords.nothing : ReportText.percent(Double(count) / Double(counts.images))
                    return [name, ReportText.count(count), share]
                }))
        if results.superseded > 0 { section.notes.append(ReportWords.superseded(results.superseded)) }
        return section
    }

    /// What a reader must not conclude.
    var meaning: ReportSection {
        ReportSection(title: ReportWords.meaningTitle, paragraphs: ReportWords.meaning)
    }
}
