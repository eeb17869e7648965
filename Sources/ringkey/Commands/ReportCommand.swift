import ArgumentParser
import Evaluation
import Files
import Foundation
import RingkeyKit

/// `ringkey report`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Turn results into a readable report.",
        discussion: """
            Reads the results of `ringkey audit` or `ringkey verify --json`; if a path has several lines, the last \
            counts. Without labels it shows counts, p-values against chance, finds and failures. With labels it also \
            shows how much is found at which false-positive rate: ROC, AUC, precision, the worst misses, and the \
            reference's figures for comparison.

            The page is one file without scripts; thumbnails are made from image files that have not changed since the \
            audit. A report holds fingerprints of keys, never secrets.

            Examples:
              ringkey report results.jsonl -o report.html
              ringkey report results.jsonl -o report.html --labels labels.csv --prevalence 0.01
              ringkey report --positives marked.jsonl --negatives clean.jsonl -o report.html --markdown report.md

            labels.csv has a header row, path,label[,group][,key]: label is watermarked or clean (or 1 and 0, true and false, yes and no), each group \
            (an attack, a source) becomes a table row, key is the name or fingerprint of the key in the image.

            Exit codes: 0 report written · 2 error · 64 usage
            """)

    @Argument(help: ArgumentHelp("Results, one JSON object per line; - for standard input.", valueName: "results"))
    var results: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("HTML page to write.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("CSV file that says which images are marked.", valueName: "file"))
    var labels: String?

    @Option(name: .long, help: ArgumentHelp("Results of marked images; can be repeated.", valueName: "file"))
    var positives: [String] = []

    @Option(name: .long, help: ArgumentHelp("Results of clean images; can be repeated.", valueName: "file"))
    var negatives: [String] = []

    @Option(name: .long, help: ArgumentHelp("Write one CSV row per image.", valueName: "file"))
    var csv: String?

    @Option(name: .long, help: ArgumentHelp("Write all figures as JSON.", valueName: "file"))
    var json: String?

    @Option(name: .long, help: ArgumentHelp("Write the tables as Markdown.", valueName: "file"))
    var markdown: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Share of marked images to compute the precision for; needs labels.", valueName: "share"))
    var prevalence: Double?

    @Option(name: .long, help: ArgumentHelp("Heading of the page.", valueName: "text"))
    var title = "ringkey report"

    @Option(name: .long, help: ArgumentHelp("Maximum number of thumbnails; 0 for none.", valueName: "n"))
    var thumbnails = 48

    @Flag(name: .long, help: "No notes on stderr, only errors.")
    var quiet = false

    @OptionGroup var overwrite: ForceArgument

    private var isSplit: Bool { !positives.isEmpty || !negatives.isEmpty }

    func validate() throws {
        if isSplit, !results.isEmpty || labels != nil {
            throw ValidationError("--positives and --negatives cannot be combined with results or --labels")
        }
        if isSplit, positives.isEmpty || negatives.isEmpty {
            throw ValidationError("--positives and --negatives must be given together")
        }
        if !isSplit, results.isEmpty {
            throw ValidationError("results are required, or --positives and --negatives")
        }
        let outputs = [output, csv, json, markdown].compactMap { $0 }
        if outputs.isEmpty { throw ValidationError("nothing to write: give -o, --csv, --json or --markdown") }
        if Set(outputs.map { RawPath($0) }).count < outputs.count {
            throw ValidationError("two outputs have the same name")
        }
        let inputs = results + positives + negatives
        if inputs.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read only once") }
        if let prevalence, !(prevalence > 0 && prevalence < 1) {
            throw ValidationError("--prevalence takes a share between 0 and 1, found \(prevalence)")
        }
        if prevalence != nil, !isSplit, labels == nil { throw ValidationError("--prevalence needs labels") }
        if !(0...10_000).contains(thumbnails) {
            throw ValidationError("--thumbnails takes 0 to 10000, found \(thumbnails)")
        }
    }

    func run() throws {
        let outputs = [output, csv, json, markdown].compactMap { $0 }
        try OutputPaths.requireApart(outputs, from: results + positives + negatives + [labels].compactMap { $0 })
        for path in outputs {
            try AtomicFile.requireWritable(path, overwrite: overwrite.force)
        }
        let settings = Report.Settings(
            title: title, prevalence: prevalence, thumbnails: thumbnails, tool: ToolVersion.name,
            created: Date.now.formatted(.iso8601))
        let report: Report
        if isSplit {
            report = try Report(
                positives: Results(contentsOf: positives), negatives: Results(contentsOf: negatives), settings: settings
            )
        } else {
            report = try Report(
                Results(contentsOf: results), labels: labels.map { try Labels(contentsOf: $0) }, settings: settings)
        }
        if !quiet { report.warnings.forEach(Diagnostics.warning) }
        if let output { try write(Data(report.html().utf8), to: output) }
        if let markdown { try write(Data(report.markdown().utf8), to: markdown) }
        if let json { try write(report.json(), to: json) }
        if let csv {
            try AtomicFile.write(to: csv, overwrite: overwrite.force) { file in
                try report.writeCSV { try file.append($0) }
            }
        }
        try StandardOutput.write(lines: report.summary.counts.text)
    }

    private func write(_ data: Data, to path: String) throws {
        try AtomicFile.write(data, to: path, overwrite: overwrite.force)
    }
}
