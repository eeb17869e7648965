import Foundation

/// What found images have in common beside a key, and what became of forgeries.
extension Report {
    private static let shownPairs = 30

    /// Found images that share their noise; nil where none do.
    var sharedNoiseSection: ReportSection? {
        guard let sharedNoise, !sharedNoise.pairs.isEmpty else { return nil }
        let pairs = sharedNoise.pairs.prefix(Self.shownPairs)
        return ReportSection(
            title: ReportWords.sharedNoiseTitle, paragraphs: [ReportWords.sharedNoise(sharedNoise)],
            tables: [
                .init(
                    caption: ReportWords.sharedNoisePairs, columns: ReportWords.sharedNoiseColumns,
                    rows: pairs.map { pair in
                        [
                            results.images[pair.images.0].shownPath, results.images[pair.images.1].shownPath,
                            String(format: "%.2f", pair.correlation),
                            pair.isSamePicture ? ReportWords.samePicture : ReportWords.otherPicture,
                        ]
                    }, textColumns: [0, 1, 3])
            ], notes: [ReportWords.sharedNoiseNote(shown: pairs.count, of: sharedNoise.pairs.count)])
    }

    /// Pictures that marks were forged into.
    func forgeries(_ assessment: Assessment) -> ReportSection? {
        guard let forgeries = assessment.forgeries else { return nil }
        let rows = forgeries.groups.map { group in
            [
                group.name ?? ReportWords.noGroup, ReportText.count(group.counts.images),
                ReportText.share(group.counts.found), ReportText.count(group.sharedNoise),
            ]
        }
        return ReportSection(
            title: ReportWords.forgeriesTitle, paragraphs: [ReportWords.forgeriesMeaning],
            tables: [.init(caption: ReportWords.forgeries, columns: ReportWords.forgeryColumns, rows: rows)])
    }
}
