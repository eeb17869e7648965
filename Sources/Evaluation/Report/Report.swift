import Foundation
import InputErrors

/// A report on results: as a self-contained HTML page, Markdown, JSON (`ringkey.report/1`) and CSV (one line an image).
public struct Report: Sendable {
    /// What a report is to show.
    public struct Settings: Sendable {
        /// The heading.
        public var title: String
        /// The share of marked images for which the precision is told; nil for none.
        public var prevalence: Double?
        /// The most thumbnails in the page.
        public var thumbnails: Int
        /// Name and version of the tool that writes the report.
        public var tool: String
        /// When it is written, ISO 8601.
        public var created: String

        /// Settings; by default 48 thumbnails and no prevalence.
        public init(
            title: String = "ringkey report", prevalence: Double? = nil, thumbnails: Int = 48, tool: String,
            created: String
        ) {
            self.title = title
            self.prevalence = prevalence
            self.thumbnails = thumbnails
            self.tool = tool
            self.created = created
        }
    }

    /// The images that the report is about.
    public let results: Results
    /// What it shows.
    public let settings: Settings
    /// What the results say without labels.
    public let summary: ResultsOverview
    /// What they amount to with labels.
    public let assessment: Assessment?
    /// Images that have more of their noise in common than a key; nil where less than two can be compared.
    public let sharedNoise: SharedNoise?
    /// What a reader should know, in words.
    public let warnings: [String]
    let labels: [Labels.Label?]

    /// A report on results, with labels where there are some: one table row for each group.
    /// - Throws: `InputError` where no label fits an image, or a label's key is the name of several keys.
    public init(_ results: Results, labels: Labels? = nil, settings: Settings) throws {
        guard let labels else {
            self.init(
                results, aligned: [], assessment: nil, sharedNoise: SharedNoise(results.images), warnings: [],
                settings: settings)
            return
        }
        let aligned = results.images.map { image in
            labels.label(of: image.path, from: image.folder.map { results.folders[$0] })
        }
        let known = aligned.count { $0 != nil }
        guard known > 0 else {
            throw InputError(
                "labels", expected: "paths as they appear in the results\(Self.example(results.images.first?.path))",
                found: "no path in common\(Self.example(labels.example))", as: .labels)
        }
        var warnings: [String] = []
        if known < aligned.count {
            warnings.append(
                "\(ReportText.count(aligned.count - known, "image")) without a label took no part in the evaluation")
        }
        if known < labels.byPath.count {
            warnings.append("\(ReportText.count(labels.byPath.count - known, "label")) had no result")
        }
        try self.init(results, aligned: aligned, warnings: warnings, settings: settings)
    }

    /// A report on marked and on clean images that were judged apart from each other.
    /// - Throws: `InputError` where the two have a file in common.
    public init(positives: Results, negatives: Results, settings: Settings) throws {
        let both = try positives.joined(with: negatives)
        let aligned =
            positives.images.map { _ in Labels.Label(isMarked: true) }
            + negatives.images.map { _ in Labels.Label(isMarked: false) }
        try self.init(both, aligned: aligned, warnings: [], settings: settings)
    }

    private init(
        _ results: Results, aligned: [Labels.Label?], warnings: [String], settings: Settings
    ) throws {
        let sharedNoise = SharedNoise(results.images)
        let assessment = try Assessment(
            results, labels: aligned, sharing: sharedNoise?.sharing ?? [], prevalence: settings.prevalence)
        self.init(
            results, aligned: aligned, assessment: assessment, sharedNoise: sharedNoise, warnings: warnings,
            settings: settings)
    }

    private init(
        _ results: Results, aligned: [Labels.Label?], assessment: Assessment?, sharedNoise: SharedNoise?,
        warnings: [String], settings: Settings
    ) {
        self.results = results
        self.labels = aligned
        self.assessment = assessment
        self.sharedNoise = sharedNoise
        self.settings = settings
        summary = ResultsOverview(results)
        self.warnings = results.warnings + warnings
    }

    private static func example(_ path: String?) -> String { path.map { ", such as \($0)" } ?? "" }
}
