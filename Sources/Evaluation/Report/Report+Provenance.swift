import Verdicts

/// With what the images were judged.
extension Report {
    private static let mostCommands = 8

    /// Keys, models, calibrations, settings, findings and commands.
    var provenance: ReportSection {
        var section = ReportSection(title: ReportWords.provenanceTitle)
        section.tables = [keyTable, modelTable, calibrationTable, settingTable, findingTable].compactMap { $0 }
        if results.audits.count > 1 { section.paragraphs.append(ReportWords.severalAudits(results.audits.count)) }
        section.notes = results.audits.compactMap(\.command).prefix(Self.mostCommands).map(ReportWords.command)
        section.notes.append(ReportWords.judged(by: results.tools, seconds: summary.seconds))
        return section
    }

    private var keyTable: ReportSection.Table {
        .init(
            caption: ReportWords.keys, columns: ReportWords.keyColumns,
            rows: results.keys.map { [$0.name, $0.id, $0.pattern] }, textColumns: [0, 1, 2])
    }

    private var modelTable: ReportSection.Table {
        .init(
            caption: ReportWords.models, columns: ReportWords.modelColumns,
            rows: results.models.map { [$0.name, $0.digest, $0.path] }, textColumns: [0, 1, 2])
    }

    private var calibrationTable: ReportSection.Table? {
        guard !results.calibrations.isEmpty else { return nil }
        return .init(
            caption: ReportWords.calibrations, columns: ReportWords.calibrationColumns,
            rows: results.calibrations.map { [$0.digest, ReportText.count($0.images, "image")] },
            textColumns: [0, 1])
    }

    /// Where audits differ in a setting, all its values.
    private var settingTable: ReportSection.Table? {
        let names = Set(results.audits.flatMap { $0.settings.keys }).sorted()
        guard !names.isEmpty else { return nil }
        return .init(
            caption: ReportWords.settings, columns: ReportWords.settingColumns,
            rows: names.map { name in
                var values: [String] = []
                for value in results.audits.map({ $0.settings[name] ?? ReportWords.nothing })
                where !values.contains(value) {
                    values.append(value)
                }
                return [name, values.joined(separator: " | ")]
            }, textColumns: [0, 1])
    }

    private var findingTable: ReportSection.Table? {
        guard !summary.findings.isEmpty else { return nil }
        return .init(
            caption: ReportWords.findings, columns: ReportWords.findingColumns,
            rows: Verdict.Finding.Code.allCases.compactMap { code in
                summary.findings[code.rawValue].map {
                    [code.rawValue, ReportText.count($0), ReportWords.meaning(code)]
                }
            }, textColumns: [0, 2])
    }
}
