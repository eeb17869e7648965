import Foundation
import Verdicts

/// What was found, and what could not be judged.
extension Report {
    private static let picturedFinds = 36
    private static let listedFinds = 200
    private static let failureExamples = 3

    /// Finds by key, and the strongest with pictures.
    var findsSection: ReportSection? {
        let total = summary.counts.watermarked
        guard total > 0 else { return nil }
        var section = ReportSection(title: ReportWords.findsTitle)
        section.tables.append(
            .init(
                caption: ReportWords.findsByKey, columns: ReportWords.findsByKeyColumns,
                rows: findsByOwner,
                textColumns: [0, 1]))
        let listed = finds(limit: Self.listedFinds)
        section.gallery = .init(entries: listed.prefix(Self.picturedFinds).map { entry($0, more: []) })
        if listed.count > Self.picturedFinds {
            let rest = listed.dropFirst(Self.picturedFinds).map { entry($0, more: []) }
            section.listing = .init(
                caption: ReportWords.furtherFinds, columns: ReportWords.furtherFindsColumns,
                rows: rest.map { [$0.image.shownPath] + $0.figures.map(\.value) }, textColumns: [0, 2])
        }
        if listed.count < total {
            section.notes.append(ReportWords.findsLeftOut(listed: listed.count, total: total))
        }
        return section
    }

    /// The finds, the smallest p-value first.
    private func finds(limit: Int) -> [ImageResult] {
        var best: [(log10P: Double, image: ImageResult)] = []
        for image in results.images {
            guard let judgement = image.judgement, judgement.decision == .watermarked else { continue }
            best.append((judgement.log10Corrected ?? 0, image))
            if best.count >= 2 * limit + 1000 {
                best.sort { $0.log10P < $1.log10P }
                best.removeLast(best.count - limit)
            }
        }
        return best.sorted { $0.log10P < $1.log10P }.prefix(limit).map(\.image)
    }

    /// An image with its p-value and key.
    func entry(_ image: ImageResult, more: [(name: String, value: String)]) -> ReportSection.Gallery.Entry {
        var figures: [(name: String, value: String)] = []
        if let judgement = image.judgement {
            figures.append((ReportWords.figures.pValue, PValueText.text(log10: judgement.log10Corrected)))
            figures.append((ReportWords.figures.key, results.keys[judgement.key].name))
        }
        return .init(image: image, figures: figures + more)
    }

    /// What could not be judged, by class.
    var failuresSection: ReportSection? {
        guard summary.counts.failed > 0 else { return nil }
        var examples: [AuditFailure.Code: [String]] = [:]
        for image in results.images {
            guard case .failed(let code, let found) = image.outcome,
                examples[code, default: []].count < Self.failureExamples
            else { continue }
            examples[code, default: []].append(ReportWords.example(image.shownPath, found))
        }
        let rows = AuditFailure.Code.allCases.compactMap { code -> [String]? in
            guard let count = summary.failures[code.rawValue] else { return nil }
            return [code.rawValue, ReportText.count(count), (examples[code] ?? []).joined(separator: "; ")]
        }
        return ReportSection(
            title: ReportWords.failuresTitle,
            tables: [
                .init(
                    caption: ReportWords.failures, columns: ReportWords.failureColumns, rows: rows,
                    textColumns: [0, 2])
            ])
    }
}
