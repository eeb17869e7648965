import Foundation
import TestSupport
import Testing

/// Where results are written.
@Suite(.takesTurns) struct OutputTests {
    /// --force replaces outputs, never what the command reads.
    @Test func anOutputThatIsAnInput() async throws {
        let folder = try TemporaryFolder()
        let key = try Data(contentsOf: Fixtures.repository.appendingPathComponent("samples/demo.key.json"))
        let path = try folder.write("k.json", key)
        chmod(path, 0o600)
        // ringkey noise --key k.json -o ./k.json --force
        for command in [["noise", "--key", path], ["key", "export", path], ["report", path]] {
            let output = try await Tool.run(command + ["-o", folder.path("./k.json"), "--force"])
            #expect(output.status == 2 && output.errorLines.count == 1, "\(output)")
            #expect(output.stderr.contains("expected an output that is not read, found the input"), "\(output)")
        }
        #expect(try folder.content("k.json") == key)
    }
}
