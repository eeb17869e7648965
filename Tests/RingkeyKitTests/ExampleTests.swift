import Foundation
import TestSupport
import Testing

/// The example of the documentation of `RingkeyKit`.
struct ExampleTests {
    private func sample(_ path: String) -> String {
        Fixtures.repository.appendingPathComponent("samples").appendingPathComponent(path).path
    }

    @Test func findsTheMarkOfASampleImage() throws {
        let found = try verdict(
            on: sample("images/marked-1.png"), key: sample("demo.key.json"), model: sample("grove"))
        #expect(found.verdict == .watermarked)
        #expect(found.key.name == "demo")
        // The README's table: p = 1.6e-131.
        let logarithm = try #require(found.log10P)
        #expect(abs(logarithm - log10(1.6e-131)) < 0.1)
    }

    @Test func findsNothingInAnUnmarkedImage() throws {
        let absent = try verdict(
            on: sample("images/clean-1.png"), key: sample("demo.key.json"), model: sample("grove"))
        #expect(absent.verdict == .notWatermarked)
    }

    @Test func standsInTheArticleAsItIsCompiled() throws {
        let article = try text("Sources/RingkeyKit/RingkeyKit.docc/RingkeyKit.md")
        let example = try text("Tests/RingkeyKitTests/Example.swift")
        let isQuoted = article.contains("```swift\n\(example)```\n")
        #expect(isQuoted, "the article's code should be\n\(example)")
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Fixtures.repository.appendingPathComponent(path), encoding: .utf8)
    }
}
