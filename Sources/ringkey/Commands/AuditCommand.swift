import ArgumentParser
import Auditing
import Foundation
import Tensors
import Verification

/// `ringkey audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Judge many images: a folder, a list, a stream.",
        discussion: """
            Writes one JSON object a line: a header with model, keys and settings, then a verdict or an error for each \
            image, in order. A bad file is a result with an error code and ends nothing. Where several keys are given, \
            an image is inverted once, and p-values are corrected for the number of keys.

            Sources:
              photos/     a folder with all below it; files that are no images by name or content are passed over
              photo.png   one file
              @list.txt   a list of files, one a line
              -           files named on standard input, one a line; each result is written as soon as it is there

            Examples:
              ringkey audit photos/ --key my.key.json -o results.jsonl
              ringkey audit photos/ --key my.key.json -o results.jsonl --resume
              find /archive -name '*.png' | ringkey audit - --key a.json --key b.json -o results.jsonl
              ringkey audit photos/ --key my.key.json --shard 3/16 -o part-3.jsonl

            Results are safe against kill -9, full disks and Ctrl-C: --resume goes on after the last complete line, \
            leaves judged files alone and judges changed ones again. Parts concatenate: cat part-*.jsonl.

            Exit codes: 0 all judged · 2 some failed, or an error · 64 usage · 130, 143, 129 ended by Ctrl-C, SIGTERM, \
            SIGHUP after the running batches
            """)

    @Argument(help: ArgumentHelp("Folders, files, @lists, or - for standard input.", valueName: "source"))
    var sources: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write results to a file that can be resumed. Default: stdout.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Go on with the results in the output file, if there are any.")
    var resume = false

    @Flag(name: .long, help: "With --resume, know files by SHA-256 instead of size and time of change.")
    var verifyHash = false

    @Option(
        name: .long, help: ArgumentHelp("Judge part I of N only, told by a hash of the path.", valueName: "I/N"))
    var shard: String?

    @Flag(name: .long, help: "Paths in lists and on standard input end with NUL (find -print0).")
    var null = false

    @Flag(name: .long, help: "Leave out the header, so that each line answers one path; only without --output.")
    var noHeader = false

    @OptionGroup var detection: DetectionArguments
    @OptionGroup var recovery: RecoveryArguments
    @OptionGroup var model: ModelArguments

    @Flag(name: .long, help: "Print the summary as a JSON object.")
    var json = false

    @Flag(name: .long, help: "No progress and no notes on stderr; errors stay.")
    var quiet = false

    func validate() throws {
        if sources.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once") }
        if let shard, Shard(shard) == nil {
            throw ValidationError("--shard takes I/N with I from 1 to N, found \(shard)")
        }
        if output == nil {
            if resume { throw ValidationError("--resume goes on with a file: --output is needed") }
        } else if noHeader {
            throw ValidationError("--no-header is for results on stdout: a file is not resumed without its header")
        }
        if verifyHash, !resume {
            throw ValidationError("--verify-hash compares with earlier results: --resume is needed")
        }
    }

    func run() throws {
        try AuditRun(self).run()
    }
}
