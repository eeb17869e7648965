import ArgumentParser
import Auditing
import Evaluation
import Files
import Foundation
import Images
import InputErrors
import RingkeyKit

/// `ringkey audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Judge many images: a folder, a list or a stream.",
        discussion: """
            Writes one JSON object per line: a header with model, keys and settings, then a verdict or an error for \
            each image, in order. A bad file becomes a result with an error code and does not stop the audit. With \
            several keys, each image is inverted once, and p-values are corrected for the number of keys. \
            Images are \(ImageDecoder.formatNames), told by their content.

            Sources:
              photos/     a folder and everything below it; files that are not images by name or content are skipped
              photo.png   one file
              @list.txt   a list of files, one per line
              -           file names on standard input, one per line; each result is written as soon as it is ready

            Examples:
              ringkey audit photos/ --key my.key.json -o results.jsonl
              ringkey audit photos/ --key my.key.json -o results.jsonl --resume
              find /archive -name '*.png' | ringkey audit - --key a.json --key b.json -o results.jsonl
              ringkey audit photos/ --key my.key.json --shard 3/16 -o part-3.jsonl

            Results survive kill -9, full disks and Ctrl-C: --resume continues after the last complete line, skips \
            judged files and judges changed ones again. If something else was written into them, add --repair. Parts can be \
            joined: cat part-*.jsonl.

            Exit codes: 0 all judged · 2 some failed, or an error · 64 usage · 130, 143, 129 stopped by Ctrl-C, \
            SIGTERM, SIGHUP after the batches in progress
            """)

    @Argument(help: ArgumentHelp("Folders, files, @lists, or - for standard input.", valueName: "source"))
    var sources: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Results file, which can be resumed. Default: stdout.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Continue the results in the output file, if there are any.")
    var resume = false

    @Flag(
        name: .long,
        help: "With --resume, move damaged lines of the results to FILE.damaged and judge their images again.")
    var repair = false

    @Flag(name: .long, help: "With --resume, recognise files by SHA-256 instead of size and modification time.")
    var verifyHash = false

    @Option(
        name: .long, help: ArgumentHelp("Judge only part I of N, chosen by a hash of the path.", valueName: "I/N"))
    var shard: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Memory for images on their way to the model, like 512M or 2G, besides the model's own; an image that needs \
            more is decoded alone. Default: half of what is free.
            """, valueName: "size"))
    var memory: MemorySize?

    @Flag(name: .long, help: "Paths in lists and on standard input end with NUL (find -print0).")
    var null = false

    @Flag(name: .long, help: "Omit the header, so that each line answers one path; not with --output.")
    var noHeader = false

    @OptionGroup var detection: DetectionArguments
    @OptionGroup var looks: LookArguments
    @OptionGroup var model: ModelArguments

    @Flag(name: .long, help: "Print the summary as a JSON object.")
    var json = false

    @Flag(name: .long, help: "No progress or notes on stderr, only errors.")
    var quiet = false

    func validate() throws {
        if quiet { PreparationStatus.silence() }
        if sources.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read only once") }
        if let shard, Shard(shard) == nil {
            throw ValidationError("--shard takes I/N with I from 1 to N, found \(shard)")
        }
        if output == nil {
            if resume { throw ValidationError("--resume needs --output") }
        } else if noHeader {
            throw ValidationError("--no-header is not for --output: a file without a header cannot be resumed")
        }
        if verifyHash, !resume {
            throw ValidationError("--verify-hash needs --resume")
        }
        if repair, !resume { throw ValidationError("--repair needs --resume") }
    }

    /// Nil where results go to stdout, whatever it is called: what else is written there would be in between.
    private var file: String? {
        ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(output) && !resume ? nil : output
    }

    func run() throws {
        let request = try request()
        for source in request.sources { try source.requireReadable(separator: request.separator) }
        let keys = try detection.keys(quiet: quiet)
        if repair { try repairResults() }
        let session: AuditSession
        do {
            session = try AuditSession(request, model.open(), keys: keys.keys, banks: keys.banks)
        } catch let mismatch as JournalMismatch {
            Diagnostics.error(mismatch.error)
            explain(mismatch)
            throw ExitStatus.error
        }
        if session.lacksLock, !quiet, let output {
            Diagnostics.warning(
                "\(Printable.name(output)): this file system has no locks: make sure that no other audit writes this file"
            )
        }
        let progress = AuditProgress(quiet: quiet)
        progress.count(request.sources, shard: request.shard, separator: request.separator)
        let isFile = file.map { !Journal.isStream($0) } ?? false
        let run = AuditRun(
            session: session, output: file, quiet: quiet, json: json, progress: progress,
            resumption: isFile ? ProgramArguments.all + (resume ? [] : ["--resume"]) : nil)
        if try !run.judge() { throw ExitStatus.error }
    }

    /// Takes out what something else has written into the results.
    private func repairResults() throws {
        guard let output, !Journal.isStream(output), let repair = try JournalRepair(output), !quiet else { return }
        let shown = repair.damaged.prefix(10).map(String.init).joined(separator: ", ")
        let lines = repair.damaged.count > 10 ? "\(shown), …" : shown
        Diagnostics.note(
            "\(Printable.name(output)): moved \(Format.count(repair.damaged.count)) damaged "
                + "\(repair.damaged.count == 1 ? "line" : "lines") (\(lines)) to "
                + "\(Printable.name(repair.remains)); "
                + "\(repair.kept) lines are whole")
    }

    private func request() throws -> AuditSession.Request {
        var request = AuditSession.Request(
            sources: sources.map { AuditSource(RawPath($0)) },
            to: file.map { .path($0) } ?? .stream(ResultStream { try StandardOutput.write($0) }),
            detection: detection.request,
            recovery: try looks.request(model.options))
        request.shard = shard.flatMap { Shard($0) }
        request.separator = null ? 0 : UInt8(ascii: "\n")
        request.resumes = resume
        request.comparesHashes = verifyHash
        request.writesHeader = !noHeader
        request.memory = memory?.bytes
        request.command = ProgramArguments.shown
        return request
    }

    /// Names the command that resumes results made with other settings than this run's.
    private func explain(_ mismatch: JournalMismatch) {
        guard let arguments = mismatch.header.command else { return }
        // The file may have been moved, joined from parts, or written by stdout.
        let here = FileManager.default.currentDirectoryPath
        let path = mismatch.path.utf8.starts(with: "/".utf8) ? mismatch.path : "\(here)/\(mismatch.path)"
        var text = ShellText.command(Resumption.command(arguments, output: path))
        if let folder = mismatch.header.folder, folder != here {
            text = "cd \(ShellText.quoted(folder)) && \(text)"
        }
        if mismatch.differences.contains(where: { $0.name == "model" }) {
            Diagnostics.note(
                "these results need model \(mismatch.header.model.digest), which was in \(Printable.name(mismatch.header.model.path))"
            )
        }
        Diagnostics.note("To resume these results: \(text)")
    }
}
