/// What an audit came to: the document `ringkey.audit-summary/1`.
public struct AuditSummary: Codable, Sendable, Equatable {
    /// The document's name and version.
    public static let formatName = "ringkey.audit-summary/1"

    /// `formatName`.
    public var format = AuditSummary.formatName
    /// Whether all sources were read to their end.
    public var complete: Bool
    /// Images with a verdict, this run's and earlier ones of the same results.
    public var judged: Int
    /// Of these, how many came to each verdict.
    public var verdicts: [String: Int]
    /// Files without one.
    public var failed: Int
    /// Of these, how many of each class.
    public var failures: [String: Int]
    /// Files of folders that are no images by name or content.
    public var skipped: Int
    /// Files that an earlier run had judged, or that were named twice.
    public var already: Int
    /// Lines that this run wrote.
    public var written: Int
    /// From the first file to the last line, loading the model not counted.
    public var seconds: Double
    /// Of these, the seconds in which at least one batch was being judged.
    public var judgingSeconds: Double

    enum CodingKeys: String, CodingKey {
        case format, complete, judged, verdicts, failed, failures, skipped, already, written, seconds
        case judgingSeconds = "judging_seconds"
    }

    /// A summary of `tally`.
    public init(
        _ tally: AuditTally, complete: Bool, skipped: Int, already: Int, written: Int, seconds: Double,
        judgingSeconds: Double
    ) {
        self.complete = complete
        judged = tally.judged
        verdicts = Dictionary(
            uniqueKeysWithValues: Verdict.Decision.allCases.map { ($0.rawValue, tally[.judged($0)]) })
        failed = tally.failed
        failures = Dictionary(
            uniqueKeysWithValues: AuditFailure.Code.allCases.compactMap { code in
                let count = tally[.failed(code)]
                return count > 0 ? (code.rawValue, count) : nil
            })
        self.skipped = skipped
        self.already = already
        self.written = written
        self.seconds = seconds
        self.judgingSeconds = judgingSeconds
    }
}
