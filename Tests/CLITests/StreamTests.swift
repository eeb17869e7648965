import Foundation
import RingKeys
import TestSupport
import Testing

/// Standard input, standard output and pipes in the place of files.
@Suite(.takesTurns) struct StreamTests {
    private let folder: TemporaryFolder
    private static let samples = Fixtures.repository.appendingPathComponent("samples").path
    /// The encoder alone.
    private static let fast = "--steps 0 --decoder-inversion none --decoys 0"

    init() throws {
        folder = try TemporaryFolder()
        let key = try Data(contentsOf: URL(fileURLWithPath: Self.samples + "/demo.key.json"))
        chmod(try folder.write("k.json", key), 0o600)
    }

    private func run(_ script: String) async throws -> Tool.Output {
        try await Tool.run(
            command: ["bash", "-c", script],
            environment: [
                "R": Tool.url.path, "M": Self.samples + "/images/marked-2.png",
                "RINGKEY_MODEL": Self.samples + "/grove",
            ], folder: folder.url)
    }

    /// ringkey verify - --key k.json --plot p.svg < marked-2.png
    @Test func anImageOnStandardInput() async throws {
        let text = try await run("$R verify - --key k.json \(Self.fast) --plot p.svg < $M")
        #expect(text.status == 0 && text.stdout.hasPrefix("standard input\n  verdict    watermarked"), "\(text)")
        #expect(String(decoding: try folder.content("p.svg"), as: UTF8.self).contains(">standard input<"))
        let json = try await run("cat $M | $R verify - --key k.json \(Self.fast) --json")
        #expect(json.status == 0 && json.json.first?["path"] as? String == "-", "\(json)")
        for (input, found) in [("/dev/null", "an empty file"), ("k.json", "text")] {
            let refused = try await run("$R verify - --key k.json < \(input)")
            #expect(refused.status == 2 && refused.stderr.hasPrefix("ringkey: standard input: expected"), "\(refused)")
            #expect(refused.stderr.hasSuffix("found \(found)\n"), "\(refused)")
        }
        #expect(try await run("$R verify - - --key k.json < $M").status == 64)
    }

    /// ringkey verify <(cat marked-2.png) --key <(cat k.json); a writer may take its time, but there has to be one.
    @Test func pipesAreReadToTheirEnd() async throws {
        let verdict = try await run("$R verify <(cat $M) --key <(cat k.json) \(Self.fast) --json")
        #expect(verdict.status == 0 && verdict.json.first?["verdict"] as? String == "watermarked", "\(verdict)")
        let latent = try await run(
            "$R invert <(head -c 99 $M; sleep 3; tail -c +100 $M) --stage latent --decoder-inversion none -o z.npy; "
                + "$R invert - --stage latent --decoder-inversion none -o y.npy < $M; cmp y.npy z.npy")
        #expect(latent.status == 0 && latent.stdout.contains("standard input -> y.npy"), "\(latent)")
        let none = try await run("mkfifo p; $R verify p --key k.json")
        #expect(none.status == 2 && none.stderr.contains("p: expected a file, found a pipe that nobody writes to"))
    }

    /// ringkey keygen -o - | age -p > my.key.age
    @Test func aKeyOnStandardOutput() async throws {
        let output = try await run("$R keygen -o - --latent 4x32x32 --name mine")
        #expect(output.status == 0, "\(output)")
        let key = try RingKey(data: Data(output.stdout.utf8), named: "stdout")
        #expect(key.name == "mine" && output.stderr == "ringkey: key \(key.id) (mine)\n")
        #expect(try folder.names == ["k.json"])
        let full = try await run("$R keygen -o - --latent 4x32x32 > /dev/full")
        #expect(full.status == 2 && full.stderr.contains("stdout: expected room"), "\(full)")
        #expect(try await run("$R keygen -o - --json --latent 4x32x32").status == 64)
    }

    /// ringkey audit @k.json: a key is no list, and what it holds is not printed as names of files.
    @Test(arguments: ["@k.json", "@line.json", "- < k.json", "@<(cat line.json)", "@names0", "@$M"])
    func whatIsNoListIsNotPrinted(_ source: String) async throws {
        let document = try #require(try JSONSerialization.jsonObject(with: folder.content("k.json")) as? [String: Any])
        let secret = try #require(document["secret"] as? String)
        try folder.write("line.json", JSONSerialization.data(withJSONObject: document))
        try folder.write("names0", Data("a.png\0b.png\0".utf8))
        let output = try await run("$R audit --key k.json \(Self.fast) --no-header \(source)")
        #expect(output.status == 2 && output.stdout.isEmpty, "\(output)")
        #expect(output.stderr.contains("expected a list of files, found "), "\(output)")
        #expect(!output.stderr.contains(secret.prefix(8)) && !output.stderr.contains("{"), "\(output)")
    }

    /// Names that look like the beginning of something else.
    @Test func listsOfStrangeNames() async throws {
        try folder.write("list", Data("{a}.png\n[1].png\n\"x\".png\n".utf8))
        let output = try await run("$R audit @list --key k.json \(Self.fast) --no-header")
        #expect(output.json.compactMap { $0["path"] as? String } == ["{a}.png", "[1].png", "\"x\".png"], "\(output)")
        #expect(output.json.allSatisfy { $0["code"] as? String == "missing" })
    }
}
