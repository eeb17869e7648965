/// Whose mark was named.
extension Report {
    private static let shownOwners = 20

    /// Rates with intervals, and who was taken for whom.
    func identification(_ assessment: Assessment) -> ReportSection? {
        guard let own = assessment.identification else { return nil }
        let kinds = [
            (ReportWords.identified.known, own.known), (ReportWords.identified.foreign, own.foreign),
            (ReportWords.identified.clean, own.clean),
        ].filter { $0.1.judged > 0 }
        let rows = kinds.map { name, outcomes in
            [
                name, ReportText.count(outcomes.judged), ReportText.count(outcomes.right),
                ReportText.count(outcomes.confused), ReportText.count(outcomes.rejected),
                ReportText.count(outcomes.undecided),
                Self.wilson(
                    name == ReportWords.identified.known ? outcomes.identificationRate : outcomes.rejectionRate),
                Self.wilson(outcomes.confusionRate),
            ]
        }
        var section = ReportSection(
            title: ReportWords.identificationTitle,
            tables: [
                .init(caption: ReportWords.identification, columns: ReportWords.identificationColumns, rows: rows)
            ], notes: [ReportWords.identificationNote])
        section.paragraphs.append(ReportWords.best(own))
        if !own.confusions.isEmpty {
            section.tables.append(
                .init(
                    caption: ReportWords.confusions(shown: own.confusions.count, of: own.kindsOfConfusion),
                    columns: ReportWords.confusionsColumns,
                    rows: own.confusions.map { [$0.carried, $0.named, ReportText.count($0.images)] },
                    textColumns: [0, 1]))
        }
        return section
    }

    private static func wilson(_ proportion: Proportion) -> String {
        guard let estimate = proportion.estimate else { return ReportWords.nothing }
        return "\(ReportText.percent(estimate)) [\(ReportText.percent(proportion.wilsonInterval))]"
    }

    /// Finds by whose they are, the most first: of many keys the first ones, the rest in one row.
    var findsByOwner: [[String]] {
        var counts: [String: (name: String, ids: Set<String>, finds: Int)] = [:]
        for (key, finds) in zip(results.keys, summary.findsByKey)
        where finds > 0 || results.keys.count <= Self.shownOwners {
            // A key's name alone does not make it somebody's.
            let place = key.owner.map { "owner \($0)" } ?? "key \(key.id)"
            counts[place, default: (key.owner ?? key.name, [], 0)].ids.insert(key.id)
            counts[place]?.finds += finds
        }
        let ordered = counts.values.sorted { ($1.finds, $0.name) < ($0.finds, $1.name) }
        var rows = ordered.prefix(Self.shownOwners).map { entry in
            [
                entry.name, entry.ids.count == 1 ? entry.ids.first ?? "" : ReportText.count(entry.ids.count, "key"),
                ReportText.count(entry.finds),
            ]
        }
        let rest = ordered.dropFirst(Self.shownOwners)
        if !rest.isEmpty {
            rows.append([
                ReportWords.others(rest.count), "", ReportText.count(rest.reduce(0) { $0 + $1.finds }),
            ])
        }
        return rows
    }
}
