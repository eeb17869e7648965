import Auditing
import Evaluation
import Foundation

let resultTargets = [
    FuzzTarget("results") { bytes in
        let path = try resultsFolder.write("results.jsonl", bytes[...])
        let results = try Results(contentsOf: [path])
        let labels = Labels(
            Dictionary(
                results.images.enumerated().map { ($1.path, Labels.Label(isMarked: $0.isMultiple(of: 2))) },
                uniquingKeysWith: { first, _ in first }))
        for labels in [nil, labels] {
            let settings = Report.Settings(thumbnails: 0, tool: "fuzz", created: "2026-01-01T00:00:00Z")
            let report: Report
            do { report = try Report(results, labels: labels, settings: settings) } catch {
                if labels == nil { throw error }
                continue
            }
            precondition(!report.html().isEmpty && !report.markdown().isEmpty, "an empty report")
            _ = try report.json()
            try report.writeCSV { _ in }
        }
    },
    FuzzTarget("repair") { bytes in
        let path = try repairFolder.write("results.jsonl", bytes[...])
        guard let repair = try JournalRepair(path) else { return }
        precondition(!repair.damaged.isEmpty, "a repair of nothing")
        let again = try JournalRepair(path)
        precondition(again == nil, "a second repair: \(again.map { "\($0)" } ?? "")")
        unlink(repair.remains)
    },
]

private let resultsFolder = ScratchFolder("results")
private let repairFolder = ScratchFolder("repair")
