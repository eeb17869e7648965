import Foundation
import TestSupport
import Testing

/// The vectors on the page are those that the tests use.
@Suite struct KeyFormatPageTests {
    private struct Case: Decodable {
        let canonical: String
        let id: String
        let key: String
        let stream: String
    }

    @Test func vectorsOnThePageAreRight() throws {
        let page = try String(
            contentsOf: Fixtures.repository.appendingPathComponent("docs/key-format.md"), encoding: .utf8)
        let cases = try NativeFixtures.decode([Case].self, "derivation.json")
        for golden in [cases[0], cases[2]] {
            for text in [golden.canonical, golden.id, golden.key, String(golden.stream.prefix(32))] {
                #expect(page.contains("`\(text)`"), "\(text) is not in docs/key-format.md")
            }
        }
    }
}
