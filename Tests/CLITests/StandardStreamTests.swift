import Foundation
import TestSupport
import Testing

/// stdin, stdout and stderr that are full, closed, or read by nobody.
@Suite(.takesTurns) struct StandardStreamTests {
    private static let fullDisk = "ringkey: stdout: expected room for the results, found no space left on device"
    private static let closed = "ringkey: stdout: expected an open output, found a closed one"
    private static let refusal = "ringkey: no/such: expected a readable file, found no such file or directory"

    /// Runs a line of bash in the repository's root, with the tool as `$R`, the key as `$K` and a new folder as `$T`.
    private func shell(_ line: String) async throws -> Tool.Output {
        let folder = try TemporaryFolder()
        let failure = #"{"code":"empty","expected":"x","format":"ringkey.error/1","found":"y","path":"a.png"}"#
        try folder.write("in.jsonl", Data((failure + "\n").utf8))
        return try await Tool.run(
            command: ["bash", "-c", "exec " + line],
            environment: ["R": Tool.url.path, "K": "samples/demo.key.json", "T": folder.url.path])
    }

    /// One of each command that does not open a graph, and the parser's own answers.
    private static let commands = [
        "key show $K", "key show $K --json", "key export $K -o $T/k.npy", "keygen -o $T/k --latent 4x32x32",
        "noise --key $K -o $T/z.npy", "report $T/in.jsonl --json $T/r.json --quiet",
        "--help", "--version", "help verify", "audit --help", "--generate-completion-script bash",
    ]

    @Test(arguments: commands)
    func resultsThatCannotBeWrittenAreAnError(_ command: String) async throws {
        let full = try await shell("$R \(command) > /dev/full")
        #expect(full.status == 2 && full.errorLines == [Self.fullDisk], "\(full)")
        let closed = try await shell("$R \(command) >&-")
        #expect(closed.status == 2 && closed.errorLines == [Self.closed], "\(closed)")
    }

    @Test(arguments: ["--json", ""])
    func verdictsThatCannotBeWrittenAreAnError(_ form: String) async throws {
        let verify = "$R verify samples/images/marked-1.png samples/images/clean-1.png --key $K --decoys 0 \(form)"
        let full = try await shell("\(verify) > /dev/full")
        #expect(full.status == 2 && full.errorLines == [Self.fullDisk], "\(full)")
    }

    /// As grep: without a word by default, and with an error where the parent had SIGPIPE ignored.
    @Test func aReaderThatLeavesEndsTheProcess() async throws {
        // The writer waits until the reader of the pipe is gone.
        let pipe = { (before: String) in
            "bash -c '(read -r; \(before) exec $R --help) < <(sleep 0.3; echo) | true; echo ${PIPESTATUS[0]}'"
        }
        let byDefault = try await shell(pipe(""))
        #expect(byDefault.stdout == "141\n" && byDefault.stderr.isEmpty, "\(byDefault)")
        let ignored = try await shell(pipe("trap \"\" PIPE;"))
        #expect(ignored.stdout == "2\n", "\(ignored)")
        #expect(
            ignored.errorLines == ["ringkey: stdout: expected room for the results, found broken pipe"], "\(ignored)")
    }

    /// What cannot be said changes nothing: neither the exit code nor the results.
    @Test(arguments: ["2>/dev/full", "2>&-", "2> >(true)"])
    func errorsThatCannotBeWrittenChangeNothing(_ redirection: String) async throws {
        let pause = redirection.contains(">(") ? "sleep 0.2;" : ""
        func run(_ command: String) async throws -> Tool.Output {
            try await shell("bash -c '\(pause) exec $R \(command)' \(redirection)")
        }
        #expect(try await run("key show no/such").status == 2)
        #expect(try await run("frobnicate").status == 64)
        #expect(try await run("keygen -o $T/k --latent 4x32x32 --radius x").status == 64)
    }

    /// A log that has no room does not stop an audit whose results have.
    @Test(arguments: ["2>/dev/full", "2>&-"])
    func anAuditOutlivesItsLog(_ redirection: String) async throws {
        let audit = try AuditFolder()
        try audit.link(3)
        try audit.write("torn.png", Data(contentsOf: Fixtures.url("CLI/truncated.png")))
        let arguments = audit.arguments("r.jsonl").joined(separator: " ")
        #expect(try await shell("$R \(arguments) \(redirection)").status == 2)
        #expect(try audit.records("r.jsonl").count == 4)
    }

    /// Descriptors 0 to 2 that the process is started without are never those of the file of results.
    @Test(arguments: ["<&- >&- 2>&-", ">&-", "2>&-"])
    func messagesNeverGetIntoTheResults(_ redirection: String) async throws {
        let audit = try AuditFolder()
        try audit.link(2)
        try audit.write("torn.png", Data(contentsOf: Fixtures.url("CLI/truncated.png")))
        let end = try await shell("$R \(audit.arguments("r.jsonl").joined(separator: " ")) \(redirection)")
        #expect(end.status == 2)
        let text = try String(contentsOfFile: audit.path("r.jsonl"), encoding: .utf8)
        #expect(text.split(separator: "\n").count == 4 && text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }

    /// The name of a closed stdout is no way around.
    @Test func aClosedOutputHasNoName() async throws {
        let audit = try AuditFolder()
        try audit.link(1)
        let arguments =
            ["audit", audit.images, "--model", audit.model, "--quiet", "-o", "/dev/stdout"] + AuditFolder.fast
        let end = try await shell("$R \(arguments.joined(separator: " ")) >&-")
        #expect(end.status == 2 && end.errorLines == [Self.closed], "\(end)")
    }

    @Test func aClosedInputIsNoEmptyList() async throws {
        let audit = try AuditFolder()
        let arguments = ["audit", "-", "--model", audit.model] + AuditFolder.fast
        let end = try await shell("$R \(arguments.joined(separator: " ")) --quiet <&-")
        #expect(end.status == 2, "\(end)")
        #expect(end.errorLines == ["ringkey: stdin: expected a readable file, found bad file descriptor"], "\(end)")
    }

    /// The results of an audit on stdout, as those of other commands.
    @Test func auditsOnStandardOutputAreChecked() async throws {
        let audit = try AuditFolder()
        try audit.link(2)
        let arguments = (["audit", audit.images, "--model", audit.model, "--quiet"] + AuditFolder.fast)
            .joined(separator: " ")
        let full = try await shell("$R \(arguments) > /dev/full")
        #expect(full.status == 2 && full.errorLines == [Self.fullDisk], "\(full)")
        // The summary of results in a file is a result too; the file has all of them.
        let summary = try await shell("$R \(audit.arguments("r.jsonl").joined(separator: " ")) > /dev/full")
        #expect(summary.status == 2 && summary.errorLines == [Self.fullDisk], "\(summary)")
        #expect(try audit.records("r.jsonl").count == 2)
    }

    /// A file size limit is an error like a full disk, for every command.
    @Test func aFileSizeLimitIsAnError() async throws {
        let end = try await shell("bash -c 'ulimit -f 0; exec $R keygen -o $T/k --latent 4x32x32'")
        #expect(end.status == 2 && end.stderr.contains("/k: expected"), "\(end)")
        #expect(end.errorLines.count == 1 && end.stderr.contains("found file too large"), "\(end)")
    }

    /// A file that stdout, stderr or stdin has open under no name of its own is nobody's output.
    @Test func aStreamsFileIsNoOutput() async throws {
        for line in [
            "$R audit samples/images/hard --key $K -o $T/r > $T/r",
            "$R audit samples/images/hard --key $K -o $T/r 2>> $T/r; cat $T/r >&2; false",
            "$R report - --json $T/in.jsonl --force < $T/in.jsonl",
        ] {
            let output = try await shell("bash -c '\(line)'")
            #expect(output.status != 0, "\(line): \(output)")
            #expect(!output.stdout.contains("audited"), "\(line): \(output)")
        }
        let named = try await shell("$R noise --key $K -o -")
        #expect(named.status == 2 && named.stderr.contains("expected the name of a file to write"), "\(named)")
        let results = try await shell("bash -c '$R audit samples/images/hard --key $K -o /dev/stdout > $T/r; cat $T/r'")
        #expect(results.stdout.hasPrefix("{\"calibration") || results.stdout.hasPrefix("{\"command"), "\(results)")
        #expect(results.stdout.split(separator: "\n").count == 4 && !results.stdout.contains("audited"), "\(results)")
    }

    /// Below some ten files that may be open, Dispatch traps.
    @Test func tooFewFilesThatMayBeOpenAreAnError() async throws {
        let output = try await shell("bash -c 'ulimit -n 8; exec $R verify samples/images/marked-1.png --key $K'")
        #expect(
            output.status == 2 && output.stderr.contains("open files: expected a limit of at least 64"), "\(output)")
        // The soft limit alone is raised.
        let soft = try await shell("bash -c 'ulimit -S -n 8; exec $R key show $K'")
        #expect(soft.status == 0, "\(soft)")
    }

    /// Prompts are printed; a key is not.
    @Test func aKeyIsNoFileOfPrompts() async throws {
        let output = try await shell("$R verify samples/images/marked-1.png --key $K --prompt-file $K --json")
        #expect(output.status == 2 && output.stderr.contains("found a JSON document"), "\(output)")
        #expect(!(output.stdout + output.stderr).contains("secret"), "\(output)")
    }
}

/// The sources write to stdout and stderr in one place each.
struct StandardStreamSourceTests {
    /// Swift's own ways to write: they trap, or lose what cannot be written without a word.
    private static let banned = [
        "FileHandle", "(^|[^.\\w])print\\(", "Swift\\.print\\(", "\\bfputs\\(", "\\bputs\\(", "\\bperror\\(",
        "\\bprintf\\(", "\\bfflush\\(", "\\bfwrite\\(", "\\bdebugPrint\\(", "\\bdump\\(", "TextOutputStream",
    ]

    @Test func nothingElseWritesToStandardStreams() throws {
        let root = Fixtures.repository.appendingPathComponent("Sources")
        let pattern = try Regex(Self.banned.joined(separator: "|"))
        var count = 0
        for case let name as String in try #require(FileManager.default.enumerator(atPath: root.path))
        where name.hasSuffix(".swift") {
            count += 1
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                #expect(line.firstMatch(of: pattern) == nil, "\(name): \(line)")
            }
            let isWriter = ["ringkey/Output/StandardOutput.swift", "ringkey/Output/StandardError.swift"].contains(name)
            let writes = text.contains("to: STDOUT_FILENO") || text.contains("to: STDERR_FILENO")
            #expect(writes == isWriter, "\(name)")
        }
        #expect(count > 200)
    }
}
