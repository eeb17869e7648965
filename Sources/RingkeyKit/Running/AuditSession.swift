import Auditing
import Foundation
import InputErrors
import KeyRings
import Marks
import Verdicts
import Verification

/// One audit: from sources to a file or stream of results.
public final class AuditSession {
    /// What to judge, with what, and where results go.
    public struct Request: Sendable {
        /// A place for results.
        public enum Destination: Sendable {
            /// A file, or a pipe or device that is there.
            case path(String)
            /// Somebody who takes them line by line.
            case stream(ResultStream)
        }

        /// Folders, files, lists, standard input.
        public var sources: [AuditSource]
        /// The part of them that is judged; nil for all.
        public var shard: Shard?
        /// What ends a path in lists and on standard input.
        public var separator = UInt8(ascii: "\n")
        /// Where results go.
        public var output: Destination
        /// Whether to continue the results in the file, if there are any.
        public var resumes = false
        /// Whether files of an earlier run are known by SHA-256 instead of size and time of change.
        public var comparesHashes = false
        /// Whether a stream of results begins with the header; a file always does.
        public var writesHeader = true
        /// Bytes that images on their way to the model may take; nil for half of what is free.
        public var memory: Int?
        /// How evidence becomes a verdict.
        public var detection: DetectionRequest
        /// How images are taken back.
        public var recovery: RecoveryRequest
        /// The command line, for the header.
        public var command: [String]?

        /// A request with the usual settings.
        public init(
            sources: [AuditSource], to output: Destination, detection: DetectionRequest = DetectionRequest(),
            recovery: RecoveryRequest = RecoveryRequest()
        ) {
            self.sources = sources
            self.output = output
            self.detection = detection
            self.recovery = recovery
        }
    }

    private enum Output {
        case journal(Journal)
        case stream(ResultStream)

        func append(_ line: AuditLine) throws {
            switch self {
            case .journal(let journal): try journal.append(line)
            case .stream(let stream): try stream.append(line)
            }
        }
    }

    private let request: Request
    private let audit: Audit
    private let output: Output
    private let index: AuditIndex?

    /// Whether the results' file system has no locks, so that another audit could write the same file.
    public var lacksLock: Bool {
        if case .journal(let journal) = output { !journal.isLocked } else { false }
    }

    /// The file of results, or where they are since it was deleted or moved; nil where they go elsewhere.
    public var resultsPath: String? {
        if case .journal(let journal) = output { journal.path } else { nil }
    }

    /// Opens the output, then the keys' readers and the model's parts, and begins the results or finds where they end.
    /// - Throws: `InputError`, and `JournalMismatch` for results that were judged with something else.
    public init(_ request: Request, _ model: OpenModel, keys: [any MarkKey], banks: [any KeyBank] = []) throws {
        self.request = request
        output = try Self.open(request)
        let verifier = try Verifier(
            model, keys: keys, banks: banks, detection: request.detection, recovery: request.recovery)
        index = Self.needsIndex(request) ? AuditIndex(keepsDigests: request.comparesHashes) : nil
        var settings = Audit.Settings(
            batch: request.detection.batch, imageSize: verifier.recovery.imageSize, plan: verifier.plan,
            limitMegapixels: request.detection.limitMegapixels)
        settings.comparesHashes = request.comparesHashes
        if let memory = request.memory { settings.memory = memory }
        audit = Audit(settings, index: index) { try verifier.judge($0).map(\.verdict) }
        let header = try Self.header(request, model, verifier)
        switch output {
        case .stream(let stream): if request.writesHeader { try stream.append(.header(header)) }
        case .journal(let journal): try journal.begin(header, index: index)
        }
    }

    private static func open(_ request: Request) throws -> Output {
        let path: String
        switch request.output {
        case .stream(let stream): return .stream(stream)
        case .path(let named): path = named
        }
        guard Journal.isStream(path) else { return .journal(try Journal(path, resume: request.resumes)) }
        guard !request.resumes else {
            throw InputError(
                path, expected: "a file to resume", found: "a pipe or a device", as: .notAFile)
        }
        return .stream(try ResultStream(path))
    }

    /// Only where a file may be met twice: by an earlier run, or by sources that repeat it.
    private static func needsIndex(_ request: Request) -> Bool {
        guard case .path(let path) = request.output, !Journal.isStream(path) else { return false }
        return request.resumes || request.sources.count > 1 || request.sources.contains { !$0.isPath }
    }

    /// What of the key rings verdicts depend on.
    private static func keyRings(_ keys: KeySet) -> [String: String] {
        let rings = keys.banks.compactMap { ($0 as? RingBank)?.ring.digest() }
        return rings.isEmpty ? [:] : ["keyrings": rings.joined(separator: ", ")]
    }

    private static func header(_ request: Request, _ model: OpenModel, _ verifier: Verifier) throws -> AuditHeader {
        let settings = request.detection.described
            .merging(try request.recovery.described(verifier.recovery)) { $1 }
            .merging(keyRings(verifier.keys)) { $1 }
            .merging(["calibration": verifier.calibration?.digest ?? "none"]) { $1 }
        return AuditHeader(
            tool: ToolVersion.name, created: Date().formatted(.iso8601), model: try model.identity(),
            keys: verifier.keys.keys.map(\.identity) + verifier.keys.banks.map(\.identity), settings: settings,
            shard: request.shard?.description,
            command: request.command, folder: FileManager.default.currentDirectoryPath)
    }

    /// Ends the audit after the batches that are being judged. To be called from any thread.
    public var stop: @Sendable () -> Void { { [audit] in audit.stop() } }

    /// Judges everything and writes a line for each file.
    /// - Parameter handle: called for each file after its line was written, with the number of failures so far.
    /// - Returns: what it came to, and what ended it early. Lines that were written are kept whatever happens.
    public func run(handle: (Audit.Event, Int) -> Void) -> (summary: AuditSummary, failure: (any Error)?) {
        let start = ContinuousClock.now
        var counts = (tally: AuditTally(), skipped: 0, already: 0, written: 0)
        var isComplete = false
        var failure: (any Error)?
        do {
            isComplete = try audit.run(request.sources, shard: request.shard, separator: request.separator) { event in
                switch event {
                case .record(let record):
                    try output.append(.record(record))
                    index?.add(record)
                    counts.tally.add(.init(record.outcome))
                    counts.written += 1
                case .already: counts.already += 1
                case .skipped: counts.skipped += 1
                }
                handle(event, counts.tally.failed)
            }
            if case .journal(let journal) = output { try journal.flush() }
        } catch {
            failure = error
            isComplete = false
        }
        let summary = AuditSummary(
            index?.tally ?? counts.tally, complete: isComplete, skipped: counts.skipped, already: counts.already,
            written: counts.written, seconds: (.now - start) / .seconds(1), judgingSeconds: audit.judgingSeconds)
        return (summary, failure)
    }
}
