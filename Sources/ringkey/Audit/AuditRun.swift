import Foundation
import InputErrors
import RingkeyKit
import Verdicts

/// A running audit as a person sees it: progress, the first failures, the summary, what to do after a stop.
struct AuditRun {
    private let session: AuditSession
    /// The file of results; nil where they go to standard output.
    private let output: String?
    private let quiet: Bool
    private let json: Bool
    private let progress: AuditProgress
    /// The command that resumes after a stop.
    private let resumption: [String]?

    /// - Parameters:
    ///   - progress: nil for one that does not know how many files there are.
    ///   - resumption: the command that resumes after a stop; nil if there is none.
    init(
        session: AuditSession, output: String?, quiet: Bool, json: Bool = false, progress: AuditProgress? = nil,
        resumption: [String]? = nil
    ) {
        self.session = session
        self.output = output
        self.quiet = quiet
        self.json = json
        self.progress = progress ?? AuditProgress(quiet: quiet)
        self.resumption = resumption
    }

    /// Judges everything and prints the summary.
    /// - Returns: whether all files were judged.
    func judge() throws -> Bool {
        let watch = SignalWatch { [stop = session.stop, progress, quiet] in
            stop()
            guard !quiet else { return }
            progress.finish()
            Diagnostics.note("finishing the running batch; again to stop now")
        }
        let (summary, failure) = session.run { event, failures in
            if case .record(let record) = event { note(record, number: failures) }
            progress.update(event)
        }
        progress.finish()
        let isWritten = try writeIfPossible(summary)
        if let failure {
            guard let error = failure as? InputError else { throw failure }
            Diagnostics.error(error)
        }
        if !summary.complete, let path = session.resultsPath, var resumption {
            if path != output { resumption = Resumption.command(resumption, output: path) }
            Diagnostics.note(
                "\(Printable.name(path)) has the results so far. To resume: \(ShellText.command(resumption))")
        }
        if let signal = watch.signal, !summary.complete { exit(128 + signal) }
        return summary.complete && summary.failed == 0 && isWritten
    }

    /// The first failures are reported at once; the results have all of them.
    private func note(_ record: AuditRecord, number: Int) {
        guard !quiet, case .failure(let failure) = record.outcome else { return }
        let shown = 10
        guard number <= shown + 1 else { return }
        progress.finish()
        if number <= shown {
            Diagnostics.error(
                InputError(
                    record.name.text, expected: failure.expected, found: failure.found,
                    as: InputError.Code(rawValue: failure.code.rawValue) ?? .unexpected))
        } else {
            Diagnostics.note("further failures are reported only in the results")
        }
    }

    /// - Returns: false where it could not be written, which is reported and costs no result.
    private func writeIfPossible(_ summary: AuditSummary) throws -> Bool {
        do {
            try write(summary)
            return true
        } catch let error as InputError {
            Diagnostics.error(error)
            return false
        }
    }

    /// To the stream that does not carry the results.
    private func write(_ summary: AuditSummary) throws {
        let text = json ? try JSONLine.text(summary) : summary.text()
        if output != nil {
            try StandardOutput.write(lines: text)
        } else if !quiet || json {
            StandardError.write(text + "\n")
        }
    }
}
