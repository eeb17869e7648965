import Plotting

/// How much is found.
extension Report {
    /// One row a group, and the figures of all together.
    func accuracy(_ assessment: Assessment) -> ReportSection {
        let all = assessment.all
        var section = ReportSection(title: ReportWords.accuracyTitle)
        section.paragraphs.append(ReportWords.headline(all, rates: summary.rates))
        if let precision = all.precision { section.paragraphs.append(sentence(precision, all)) }
        if let text = Self.notScored(all) { section.paragraphs.append(text) }
        let groups = assessment.groups.isEmpty ? [all] : assessment.groups + [all]
        section.tables.append(groupTable(groups))
        if assessment.groups.count > 1 { section.figures.append(intervals(assessment.groups)) }
        if groups.contains(where: \.borrowsNegatives) { section.notes.append(ReportWords.borrowedNegatives) }
        if groups.contains(where: { group in group.score?.operatingPoints.first?.threshold == nil }) {
            section.notes.append(ReportWords.dashes)
        }
        section.notes.append(ReportWords.accuracyNote)
        return section
    }

    /// At the measured rates, and at the rate that the p-value promises.
    private func sentence(_ precision: Precision, _ all: GroupAssessment) -> String {
        let text = ReportWords.precision(precision)
        guard let rate = summary.rates.last, let found = all.positives.found.estimate,
            let promised = Precision.value(precision.prevalence, found, rate)
        else { return text }
        return text + ReportWords.promisedPrecision(promised, rate: rate)
    }

    private static func notScored(_ all: GroupAssessment) -> String? {
        let classes = [(ReportWords.classes.marked, all.positives), (ReportWords.classes.clean, all.negatives)]
            .filter { $1.failed + $1.withoutScore > 0 }
            .map { (name: $0, failed: $1.failed, withoutScore: $1.withoutScore) }
        return classes.isEmpty ? nil : ReportWords.notScored(classes)
    }

    /// - Parameter groups: all together last.
    private func groupTable(_ groups: [GroupAssessment]) -> ReportSection.Table {
        let hasPrecision = groups.contains { $0.precision != nil }
        let hasReference = groups.contains { !$0.comparisons.isEmpty }
        let rates = ScoreAssessment.rates.indices.filter { index in
            groups.contains { $0.score?.operatingPoints[index].threshold != nil }
        }
        var columns = ReportWords.groupColumns + rates.map { ReportWords.foundColumn(ScoreAssessment.rates[$0]) }
        if hasReference { columns.append(ReportWords.referenceColumn) }
        if hasPrecision { columns.append(ReportWords.precisionColumn) }
        let rows = groups.enumerated().map { index, group in
            var row = [
                index == groups.count - 1 ? ReportWords.allTogether : group.name ?? ReportWords.noGroup,
                ReportText.count(group.positives.images), ReportText.count(group.negatives.images),
                ReportText.share(group.positives.found), ReportText.share(group.negatives.found),
                ReportText.area(group.score),
            ]
            row += rates.map { ReportText.share(group.score?.operatingPoints[$0].truePositives) }
            if hasReference {
                let reference = group.comparisons.first { $0.reference.measure == .referenceL1 }?.reference
                row.append(reference.map { ReportText.area($0.auc) } ?? ReportWords.nothing)
            }
            if hasPrecision {
                row.append(group.precision?.estimate.map { ReportText.percent($0) } ?? ReportWords.nothing)
            }
            return row
        }
        return .init(caption: ReportWords.groupCaption(groups.count), columns: columns, rows: rows)
    }

    private func intervals(_ groups: [GroupAssessment]) -> ReportSection.Figure {
        let chart = SVGIntervalChart(
            ReportWords.intervalsAxis, description: ReportWords.intervalsDescription,
            rows: groups.filter { $0.positives.images > 0 }.map { group in
                let found = group.positives.found
                let interval = found.exactInterval()
                return .init(
                    name: group.name ?? ReportWords.noGroup, value: found.estimate, lower: interval.lower,
                    upper: interval.upper, text: ReportWords.interval(found))
            })
        return .init(title: ReportWords.intervalsTitle, svg: chart.svg, note: ReportWords.intervalsNote)
    }
}
