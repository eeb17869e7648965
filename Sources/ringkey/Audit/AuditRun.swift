import Auditing
import Foundation
import Tensors
import Verification

/// One run of `ringkey audit`.
struct AuditRun {
    private let command: AuditCommand
    private let sources: [AuditSource]
    private let shard: Shard?
    private let separator: UInt8

    init(_ command: AuditCommand) {
        self.command = command
        let raw = ShellText.rawArguments()
        sources = command.sources.map { AuditSource(raw[$0] ?? RawPath($0)) }
        shard = command.shard.flatMap { Shard($0) }
        separator = command.null ? 0 : UInt8(ascii: "\n")
    }

    /// Judges everything, prints the summary, and throws the exit status unless all went well.
    func run() throws {
        // A limit on the size of files is a full disk to us, no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        for source in sources { try source.requireReadable() }
        let detectors = try command.detection.detectors(quiet: command.quiet)
        let folder = try command.model.open()
        let output = try openOutput()
        let verifier = try command.detection.verifier(
            detectors, model: folder, recovery: command.recovery)
        let header = AuditHeader(
            tool: ToolVersion.name, created: Date().formatted(.iso8601), model: try folder.identityInBackground()(),
            keys: detectors.map {
                .init(id: $0.key.id, name: $0.key.name, pattern: $0.key.geometry.pattern.rawValue)
            },
            settings: command.detection.described.merging(
                command.recovery.described(verifier.recovery.settings)
            ) { $1 }.merging(["calibration": verifier.calibration?.digest ?? "none"]) { $1 },
            shard: shard?.description, command: CommandLine.arguments,
            folder: FileManager.default.currentDirectoryPath)
        let index = needsIndex ? AuditIndex(keepsHashes: command.verifyHash) : nil
        try begin(output, header, index)

        var settings = Audit.Settings(
            batch: command.detection.batch, imageSize: folder.imageSize,
            limitMegapixels: command.detection.maxMegapixels)
        settings.comparesHashes = command.verifyHash
        let audit = Audit(settings, index: index) { try verifier.judge($0).map(\.verdict) }
        try judge(audit, output, index)
    }

    // MARK: - Output

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

    private func openOutput() throws -> Output {
        guard let path = command.output else { return .stream(.standardOutput) }
        if Journal.isStream(path) {
            guard !command.resume else {
                throw InputError(path, expected: "a file to resume", found: "a pipe or a device")
            }
            return .stream(try ResultStream(path))
        }
        let journal = try Journal(path, resume: command.resume)
        if !journal.isLocked, !command.quiet {
            Diagnostics.warning(
                "\(path): this file system has no locks: see to it that no other audit writes this file")
        }
        return .journal(journal)
    }

    /// Only where a file may be met twice: by an earlier run, or by sources that repeat it.
    private var needsIndex: Bool {
        guard let path = command.output, !Journal.isStream(path) else { return false }
        return command.resume || sources.count > 1 || sources.contains { !$0.isPath }
    }

    private func begin(_ output: Output, _ header: AuditHeader, _ index: AuditIndex?) throws {
        switch output {
        case .stream(let stream):
            if !command.noHeader { try stream.append(.header(header)) }
        case .journal(let journal):
            do {
                try journal.begin(header, index: index)
            } catch let mismatch as JournalMismatch {
                Diagnostics.error(mismatch.error)
                explain(mismatch)
                throw ExitStatus.error
            }
        }
    }

    // MARK: - Judging

    private func judge(_ audit: Audit, _ output: Output, _ index: AuditIndex?) throws {
        let progress = AuditProgress(quiet: command.quiet)
        progress.count(sources, shard: shard, separator: separator)
        let watch = SignalWatch { _ in audit.stop() }
        let start = ContinuousClock.now
        var counts = (tally: AuditTally(), skipped: 0, already: 0, written: 0)
        var outcome: Result<Bool, any Error>
        do {
            let isComplete = try audit.run(sources, shard: shard, separator: separator) { event in
                switch event {
                case .record(let record):
                    try output.append(.record(record))
                    index?.add(record)
                    counts.tally.add(.init(record.outcome))
                    counts.written += 1
                    note(record, progress, number: counts.tally.failed)
                case .already: counts.already += 1
                case .skipped: counts.skipped += 1
                }
                progress.update(event)
            }
            if case .journal(let journal) = output { try journal.flush() }
            outcome = .success(isComplete)
        } catch {
            outcome = .failure(error)
        }
        progress.finish()
        let isComplete = (try? outcome.get()) ?? false
        let summary = AuditSummary(
            index?.tally ?? counts.tally, complete: isComplete, skipped: counts.skipped, already: counts.already,
            written: counts.written, seconds: (.now - start) / .seconds(1), judgingSeconds: audit.judgingSeconds)
        try print(summary)
        if case .failure(let error) = outcome {
            guard let error = error as? InputError else { throw error }
            Diagnostics.error(error)
        }
        if !isComplete, case .journal(let journal) = output { tellHowToResume(journal.path) }
        if let signal = watch.signal, !isComplete { exit(128 + signal) }
        if !isComplete || summary.failed > 0 { throw ExitStatus.error }
    }

    /// The first failures are told at once; the results have all of them.
    private func note(_ record: AuditRecord, _ progress: AuditProgress, number: Int) {
        guard !command.quiet, case .failure(let failure) = record.outcome else { return }
        let shown = 10
        guard number <= shown + 1 else { return }
        progress.finish()
        if number <= shown {
            Diagnostics.error(InputError(failure.path, expected: failure.expected, found: failure.found))
        } else {
            Diagnostics.note("further failures are in the results only")
        }
    }

    // MARK: - Words at the end

    /// Where the results do not go.
    private func print(_ summary: AuditSummary) throws {
        let text = command.json ? try JSONLine.text(summary) : summary.text()
        if command.output != nil {
            Swift.print(text)
            fflush(nil)
        } else if !command.quiet || command.json {
            FileHandle.standardError.write(Data((text + "\n").utf8))
        }
    }

    private func tellHowToResume(_ path: String) {
        var arguments = CommandLine.arguments
        if !command.resume { arguments.append("--resume") }
        Diagnostics.note("\(path) keeps what was done. To go on: \(ShellText.command(arguments))")
    }

    private func explain(_ mismatch: JournalMismatch) {
        guard var arguments = mismatch.header.command else { return }
        if !arguments.contains("--resume") { arguments.append("--resume") }
        // The file may have been moved, joined from parts, or written by stdout.
        let path = URL(fileURLWithPath: mismatch.path).path
        if let flag = arguments.firstIndex(where: { ["-o", "--output"].contains($0) }), flag + 1 < arguments.count {
            arguments[flag + 1] = path
        } else {
            arguments.removeAll { $0.hasPrefix("--output=") || $0 == "--no-header" }
            arguments += ["-o", path]
        }
        var text = ShellText.command(arguments)
        if let folder = mismatch.header.folder, folder != FileManager.default.currentDirectoryPath {
            text = "cd \(ShellText.quoted(folder)) && \(text)"
        }
        if mismatch.differences.contains(where: { $0.name == "model" }) {
            Diagnostics.note(
                "the results need model \(mismatch.header.model.digest), which was in \(mismatch.header.model.path)")
        }
        Diagnostics.note("To go on with these results: \(text)")
        Diagnostics.note("To judge with this run's settings, give another --output.")
    }
}
