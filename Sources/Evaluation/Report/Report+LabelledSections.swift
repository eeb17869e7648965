import Foundation
import Plotting

/// The parts of a report that need labels.
extension Report {
    /// One row a group, and the figures of all together.
    func accuracy(_ assessment: Assessment) -> ReportSection {
        let all = assessment.all
        var section = ReportSection(title: "How much is found")
        section.paragraphs.append(Self.headline(all, asked: summary.rates))
        if let precision = all.precision { section.paragraphs.append(sentence(precision, all)) }
        if let text = Self.notScored(all) { section.paragraphs.append(text) }
        let groups = assessment.groups.isEmpty ? [all] : assessment.groups + [all]
        section.tables.append(groupTable(groups, all: all))
        if assessment.groups.count > 1 { section.figures.append(intervals(assessment)) }
        if groups.contains(where: \.borrowsNegatives) {
            section.notes.append(
                "Groups without clean images of their own are held against the clean images that have no group.")
        }
        if groups.contains(where: { group in group.score?.operatingPoints.first?.threshold == nil }) {
            section.notes.append(
                "A dash stands where there are no images, or too few clean ones to fit a threshold on.")
        }
        section.notes.append(
            """
            Found: verdict watermarked, which needs no fitted threshold. Intervals are 95 %: exact (Clopper and Pearson) for \
            shares, DeLong's for areas; DeLong's has no width where marked and clean do not overlap.
            """)
        return section
    }

    private static func headline(_ all: GroupAssessment, asked: [Double]) -> String {
        let rates = asked.map(ReportText.rate).joined(separator: ", ")
        return """
            At the verifier's own threshold (p ≤ \(rates)) \(ReportText.ratio(all.positives.found)) marked images are found: \
            \(ReportText.share(all.positives.found)). Of the clean ones it finds \
            \(ReportText.ratio(all.negatives.found)): \(ReportText.share(all.negatives.found)).
            """
    }

    private func sentence(_ precision: Precision, _ all: GroupAssessment) -> String {
        let estimate = precision.estimate.map { ReportText.percent($0) } ?? "undefined, as nothing is found"
        var text = """
            Where \(ReportText.rate(precision.prevalence)) of images are marked, the share of finds that are marked \
            (precision) is \(estimate) at the measured rates, with an interval of \(ReportText.percent(precision.interval)): \
            its lower end is what the number of clean images can vouch for.
            """
        if let rate = summary.rates.last, let found = all.positives.found.estimate,
            let promised = Precision.value(precision.prevalence, found, rate)
        {
            text += """
                 At the false-positive rate that the p-value promises (\(ReportText.rate(rate))) it is \
                \(ReportText.percent(promised)).
                """
        }
        return text
    }

    private static func notScored(_ all: GroupAssessment) -> String? {
        let parts = [("marked", all.positives), ("clean", all.negatives)].compactMap { name, counts -> String? in
            guard counts.failed + counts.withoutScore > 0 else { return nil }
            return
                "\(ReportText.count(counts.failed)) \(name) could not be judged and \(ReportText.count(counts.withoutScore)) \(name) have no p-value"
        }
        return parts.isEmpty ? nil : "In no curve and no rate: " + parts.joined(separator: "; ") + "."
    }

    private func groupTable(_ groups: [GroupAssessment], all: GroupAssessment) -> ReportSection.Table {
        let hasPrecision = groups.contains { $0.precision != nil }
        let hasReference = groups.contains { !$0.comparisons.isEmpty }
        var columns = ["group", "marked", "clean", "found of marked", "found of clean", "AUC"]
        let rates = ScoreAssessment.rates.indices.filter { index in
            groups.contains { $0.score?.operatingPoints[index].threshold != nil }
        }
        columns += rates.map { "found at FPR \(ReportText.rate(ScoreAssessment.rates[$0])), fitted" }
        if hasReference { columns.append("AUC of reference L1") }
        if hasPrecision { columns.append("precision") }
        let rows = groups.enumerated().map { index, group in
            var row = [
                index == groups.count - 1 ? "all together" : group.name ?? "(no group)",
                ReportText.count(group.positives.images), ReportText.count(group.negatives.images),
                ReportText.share(group.positives.found), ReportText.share(group.negatives.found),
                ReportText.area(group.score),
            ]
            row += rates.map { rate in
                guard let point = group.score?.operatingPoints[rate] else { return "-" }
                return point.truePositives.map { ReportText.share($0) } ?? "-"
            }
            if hasReference {
                let reference = group.comparisons.first { $0.reference.measure == .referenceL1 }?.reference
                row.append(reference.map { ReportText.area($0.auc) } ?? "-")
            }
            if hasPrecision { row.append(group.precision?.estimate.map { ReportText.percent($0) } ?? "-") }
            return row
        }
        return .init(
            caption: groups.count > 1 ? "One row a group" : "All labelled images", columns: columns, rows: rows)
    }

    private func intervals(_ assessment: Assessment) -> ReportSection.Figure {
        let chart = SVGIntervalChart(
            "share of marked images found",
            description: "Share of marked images found in each group, with exact intervals",
            rows: assessment.groups.filter { $0.positives.images > 0 }.map { group in
                let found = group.positives.found
                let interval = found.exactInterval()
                return .init(
                    name: group.name ?? "(no group)", value: found.estimate, lower: interval.lower,
                    upper: interval.upper, text: "\(found.successes) of \(found.trials)")
            })
        return .init(
            title: "Marked images found, by group", svg: chart.svg,
            note: "At the verifier's own threshold; whiskers are exact 95 % intervals.")
    }

    /// ROC curves, score histogram, and the table of operating points.
    func curves(_ assessment: Assessment) -> ReportSection? {
        guard let score = assessment.all.score else { return nil }
        var section = ReportSection(title: "Curves")
        section.figures = [
            roc(assessment.all, score: score, isLogarithmic: false),
            roc(assessment.all, score: score, isLogarithmic: true), histogram(assessment),
        ]
        section.tables.append(operatingPoints(assessment.all, score: score))
        section.notes.append(
            """
            Thresholds are fitted on one half of the clean images (the first by SHA-256) and scored on the other half and on \
            the marked images. The threshold is the k-th highest of n scores, k = ⌊rate·n⌋, so that another clean image is above \
            it with a chance of at most k/(n+1). Below 1/n no threshold can be fitted, and none is printed. The intervals do \
            not hold the chance in the fit itself; the column of false finds shows what became of it.
            """)
        if summary.decidedEarly > 0 {
            section.notes.append(
                """
                \(ReportText.count(summary.decidedEarly, "find")) came of a look before the last: the p-values of these are \
                larger than they could be, which blunts curves and shares at rates below the asked one.
                """)
        }
        section.notes.append(
            """
            The exact p-value needs no fitting: the right half of the table takes p ≤ rate as it is. Its promise is over the draw \
            of the key, for each image.
            """)
        return section
    }

    private func roc(
        _ group: GroupAssessment, score: ScoreAssessment, isLogarithmic: Bool
    ) -> ReportSection.Figure {
        let floor = 1 / Double(score.negatives)
        var curves: [(SVGSeries, String, [ScoreAssessment.Corner])] = [(.first, score.measure.title, score.curve)]
        for (series, comparison) in zip([SVGSeries.second, .third], group.comparisons) {
            curves.append((series, comparison.reference.measure.title, comparison.reference.curve))
        }
        let low = min(floor, 0.1)
        var chart = SVGChart(
            identifier: isLogarithmic ? "roclog" : "roclin",
            description: "Share of marked images found against the share of clean images found",
            horizontal: isLogarithmic
                ? SVGAxis("share of clean images found, logarithmic", low...1, scale: .logarithmic)
                : SVGAxis("share of clean images found (FPR)", 0...1),
            vertical: SVGAxis("share of marked images found (TPR)", 0...1), legend: .lowerRight)
        for (series, name, corners) in curves.reversed() {
            let shown = isLogarithmic ? Self.above(low, corners) : corners
            chart.line(shown.map { ($0.fpr, $0.tpr) }, series, label: name)
        }
        let note =
            isLogarithmic
            ? "Nothing is drawn below 1/N: \(ReportText.count(score.negatives)) clean images cannot tell of less."
            : "AUC \(ReportText.area(score)); higher and further left is better."
        return .init(title: isLogarithmic ? "ROC, logarithmic" : "ROC", svg: chart.svg, note: note)
    }

    /// The part of a curve from a rate on, with the height that it has there.
    private static func above(_ low: Double, _ corners: [ScoreAssessment.Corner]) -> [ScoreAssessment.Corner] {
        let height = corners.last { $0.fpr <= low }?.tpr ?? 0
        return [.init(fpr: low, tpr: height)] + corners.filter { $0.fpr > low }
    }

    private func histogram(_ assessment: Assessment) -> ReportSection.Figure {
        let histogram = assessment.histogram
        let count = histogram.positives.count
        let end = histogram.start + Double(count) * histogram.width
        let highest = Double((histogram.positives + histogram.negatives).max() ?? 1)
        var chart = SVGChart(
            identifier: "scores", description: "Histogram of scores of marked and of clean images",
            horizontal: SVGAxis("-log₁₀ p", histogram.start...end), vertical: SVGAxis("images", 0...highest * 1.08),
            legend: .above)
        func bars(_ counts: [Int]) -> [(from: Double, to: Double, height: Double)] {
            counts.enumerated().map { index, count in
                let from = histogram.start + Double(index) * histogram.width
                return (from, from + histogram.width, Double(count))
            }
        }
        chart.bars(bars(histogram.negatives), .second, label: "clean")
        chart.bars(bars(histogram.positives), .first, label: "marked")
        for rate in summary.rates.suffix(1) { chart.mark(at: -log10(rate), "p = \(ReportText.rate(rate))") }
        return .init(
            title: "Scores", svg: chart.svg,
            note: "-log₁₀ of the corrected p-value, not cut at a p-value of 1; right of the dotted line is found.")
    }

    private func operatingPoints(_ group: GroupAssessment, score: ScoreAssessment) -> ReportSection.Table {
        let rows = zip(score.operatingPoints, group.parametric).map { point, exact -> [String] in
            let name = ReportText.rate(point.rate)
            let right = [ReportText.share(exact.truePositives), ReportText.ratio(exact.falsePositives)]
            guard let threshold = point.threshold else {
                let needed = ReportText.count(Int((1 / point.rate).rounded()))
                return [name, "needs \(needed) clean images to fit, has \(ReportText.count(point.fittedOn))", "-", "-"]
                    + right
            }
            return [
                name, String(format: "p < %@", ReportText.pValue(log10: -threshold)),
                ReportText.share(point.truePositives),
                ReportText.share(point.falsePositives),
            ] + right
        }
        return .init(
            caption: "All groups: found at a false-positive rate",
            columns: [
                "FPR", "fitted threshold", "marked found", "held-out clean found", "exact p ≤ FPR: marked found",
                "exact p ≤ FPR: clean found",
            ], rows: rows, textColumns: [0, 1])
    }

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
                let difference = score.measure == .exactP ? nil : comparison.difference
                let point = score.operatingPoints.first { $0.threshold != nil && $0.rate == 0.01 }
                return [
                    score.measure.title, ReportText.count(score.positives), ReportText.count(score.negatives),
                    ReportText.area(score), ReportText.share(point?.truePositives),
                    difference.map(ReportText.deficit) ?? "",
                    difference?.pValue.map { ReportText.pValue(log10: log10($0)) } ?? "",
                ]
            }
        }
        return ReportSection(
            title: "Beside the reference",
            paragraphs: [
                """
                The Tree-Ring package's figures on the same images, each held against ringkey on the images that have both. Its \
                p-value is not calibrated, so both are compared by ranking.
                """
            ],
            tables: [
                .init(
                    caption: "All groups",
                    columns: [
                        "score", "marked", "clean", "AUC", "found at FPR 1 %, fitted", "AUC less ringkey's",
                        "p of no difference",
                    ], rows: rows)
            ],
            notes: ["Differences by DeLong's test for two scores on the same images."])
    }

    /// Which key was found for which.
    func confusion(_ assessment: Assessment) -> ReportSection? {
        guard let matrix = assessment.confusion else { return nil }
        let columns =
            ["image carries"] + matrix.keys.map { "found: \($0.name)" } + [
                "none found", "undecided", "failed", "right, of judged", "best key is right",
            ]
        func share(_ proportion: Proportion?) -> String {
            guard let proportion, let estimate = proportion.estimate else { return "-" }
            return "\(ReportText.percent(estimate)) [\(ReportText.percent(proportion.wilsonInterval))]"
        }
        return ReportSection(
            title: "Which key",
            tables: [
                .init(
                    caption: "Confusion matrix", columns: columns,
                    rows: matrix.rows.map { row in
                        let name =
                            switch row.truth {
                            case .key(let place): "\(matrix.keys[place].name) (\(matrix.keys[place].id))"
                            case .other(let name): "\(name) (not looked for)"
                            case .unnamed: "marked, key not named"
                            case .clean: "clean"
                            }
                        return [name] + row.found.map(ReportText.count) + [
                            ReportText.count(row.notFound), ReportText.count(row.undecided),
                            ReportText.count(row.failed),
                            share(row.right), share(row.nearest),
                        ]
                    })
            ],
            notes: [
                """
                Intervals are Wilson's, 95 %. Right for clean images is that nothing is found. "Best key is right" is the \
                choice among the keys for images that carry one of them, whatever the p-value.
                """
            ])
    }

    /// The worst misses and the false finds, with pictures.
    func mistakes(_ assessment: Assessment) -> [ReportSection] {
        func section(_ title: String, _ images: [LabelledImage], total: Int, note: String) -> ReportSection? {
            guard !images.isEmpty else { return nil }
            return ReportSection(
                title: title,
                gallery: .init(
                    entries: images.map { image in
                        entry(image.result, more: image.label.group.map { [("group", $0)] } ?? [])
                    }),
                notes: [
                    images.count < total ? "\(note) The first \(images.count) of \(ReportText.count(total))." : note
                ])
        }
        let (marked, clean) = (assessment.all.positives, assessment.all.negatives)
        return [
            section(
                "Worst misses", assessment.misses, total: marked.notWatermarked + marked.undecided,
                note: "Marked images that were not found, the weakest match first."),
            section(
                "Clean images found", assessment.falseFinds, total: clean.watermarked,
                note: "Check their labels first: a p-value far below the asked rate is no accident."),
        ].compactMap { $0 }
    }
}
