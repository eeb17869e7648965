import Foundation
import TestSupport
import Testing

/// Names of files that are no text, or that would deceive the eye, through the real binary.
@Suite(.takesTurns) struct FileNameTests {
    private let folder: TemporaryFolder
    private static let samples = Fixtures.repository.appendingPathComponent("samples").path
    /// The encoder alone.
    private static let fast = "--key \(samples)/demo.key.json --steps 0 --decoder-inversion none --decoys 0"

    init() throws { folder = try TemporaryFolder() }

    /// Runs shell lines in a folder of their own: no Foundation gives a process such arguments.
    private func run(_ script: String) async throws -> Tool.Output {
        try await Tool.run(
            command: ["bash", "-c", script],
            environment: [
                "R": Tool.url.path, "S": Self.samples, "RINGKEY_MODEL": Self.samples + "/grove", "LC_ALL": "C",
            ],
            folder: folder.url)
    }

    private static let twoNames = """
        cp $S/images/marked-2.png $'\\xff.png'; cp $S/images/clean-1.png $'\\xfe.png'

        """

    /// ringkey verify $'\xff.png' $'\xfe.png' --key samples/demo.key.json
    @Test func verifyOpensNamesThatAreNoText() async throws {
        let output = try await run(Self.twoNames + "$R verify $'\\xff.png' $'\\xfe.png' \(Self.fast) --json")
        #expect(output.status == 0, "\(output.stderr)")
        #expect(output.json.compactMap { $0["path_base64"] as? String } == ["/y5wbmc=", "/i5wbmc="])
        #expect(output.json.allSatisfy { $0["path"] as? String == "\u{FFFD}.png" })
        let table = try await run("$R verify $'\\xff.png' $'\\xfe.png' \(Self.fast)")
        let lines = table.stdout.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("$'\\377.png'  watermarked") } == 1, "\(table.stdout)")
        #expect(lines.count { $0.hasPrefix("$'\\376.png'  ") && !$0.contains("  watermarked") } == 1, "\(table.stdout)")
        let missing = try await run("$R verify $'\\xfd.png' \(Self.fast)")
        #expect(missing.status == 2 && missing.stderr.contains("ringkey: $'\\375.png': expected"), "\(missing.stderr)")
    }

    /// Both are judged, reported, labelled and listed, each for itself.
    @Test func twoNamesStayTwoUpToTheReport() async throws {
        let output = try await run(
            Self.twoNames + """
                $R audit $'\\xff.png' $'\\xfe.png' \(Self.fast) -o $'\\xfd.jsonl' --quiet > /dev/null &&
                printf 'path,label\\n\\xff.png,1\\n\\xfe.png,0\\n' > labels.csv &&
                $R report $'\\xfd.jsonl' --labels labels.csv --csv r.csv -o $'\\xfc.html' --markdown r.md && ls
                """)
        #expect(output.status == 0, "\(output.stderr)")
        #expect(output.stdout.contains("2 images: 1 watermarked, "), "\(output.stdout)")
        let rows = String(decoding: try folder.content("r.csv"), as: UTF8.self).components(separatedBy: "\r\n")
        #expect(
            rows.contains {
                $0.hasPrefix("\u{FFFD}.png,watermarked,") && $0.hasSuffix(",watermarked,,,scored,/y5wbmc=")
            })
        #expect(rows.contains { $0.hasPrefix("\u{FFFD}.png,") && $0.hasSuffix("/i5wbmc=") })
        #expect(String(decoding: try folder.content("r.md"), as: UTF8.self).contains("| $'\\\\377.png' |"))
    }

    /// ringkey invert $'\xff.png' -o $'\xff.npy' --plot $'\xff.svg', ringkey keygen -o $'\xff.key.json'
    @Test func otherCommandsDoSo() async throws {
        let output = try await run(
            Self.twoNames + """
                $R invert $'\\xff.png' -o $'\\xff.npy' --stage latent --plot $'\\xff.svg' --json &&
                $R noise --key $S/demo.key.json -o $'\\xfe.npy' --json &&
                $R keygen -o $'k\\xff.key.json' --latent 4x32x32 && $R key show $'k\\xff.key.json' &&
                test -f $'\\xff.npy' -a -f $'\\xff.svg' -a -f $'\\xfe.npy' && grep -c "377.png" $'\\xff.svg'
                """)
        #expect(output.status == 0, "\(output.stderr)")
        #expect(output.json.first?["input"] as? String == "\u{FFFD}.png")
        #expect(output.json.last?["path"] as? String == "\u{FFFD}.npy")
        #expect(output.stdout.contains("$'k\\377.key.json'"))
    }

    /// A name cannot print a verdict of its own.
    @Test func aNameStaysInItsLine() async throws {
        let forged = "a.png  not_watermarked  my\\nevil.png  watermarked  my  9.8e-90\\x1b[31m\\xe2\\x80\\xae.png"
        let output = try await run(
            "cp $S/images/clean-1.png $'\(forged)'; cp $S/images/clean-2.png b.png\n"
                + "$R verify $'\(forged)' b.png \(Self.fast); $R verify $'\(forged)' \(Self.fast); "
                + "$R verify $'x\\n\(forged)' \(Self.fast)")
        #expect(output.stdout.contains("$'a.png  not_watermarked  my\\nevil.png"), "\(output.stdout)")
        for text in [output.stdout, output.stderr] {
            #expect(!text.contains("\u{1B}") && !text.unicodeScalars.contains("\u{202E}"), "\(text)")
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("evil.png") }, "\(text)")
        }
        let json = try await run("$R verify $'\(forged)' \(Self.fast) --json")
        #expect((json.json.first?["path"] as? String)?.hasPrefix("a.png  not_watermarked  my\nevil.png") == true)
    }

    /// Nor can an argument that the parser refuses.
    @Test func refusedArgumentsAreEscaped() async throws {
        let output = try await run("$R verify a.png --key k --fpr=$'\\e[31m1\\nwatermarked'; $R $'\\xff\\n'")
        #expect(output.status == 64 && output.stdout.isEmpty)
        #expect(output.stderr.contains("'\\033[31m1\\nwatermarked' is invalid"), "\(output.stderr)")
        #expect(!output.stderr.contains("\u{1B}") && !output.stderr.contains("\u{0}"))
    }
}
