import Foundation
import TestSupport
import Testing

/// What ARCHITECTURE.md says of the targets is what Package.swift says.
struct ArchitectureTests {
    private let picture: TargetPicture
    private let page: String

    init() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: Fixtures.repository.appendingPathComponent(path), encoding: .utf8)
        }
        picture = try TargetPicture(manifest: text("Package.swift"))
        page = try text("ARCHITECTURE.md")
    }

    /// After a change of targets: copy the picture that this prints.
    @Test func drawsTheTargetsThatThereAre() {
        let drawn = picture.mermaid()
        let isDrawn = page.contains("```mermaid\n\(drawn)\n```\n")
        #expect(isDrawn, "ARCHITECTURE.md should have\n\(drawn)")
    }

    /// What Foundation does with a text that `JSONReader` has not checked includes traps.
    @Test func jsonIsDecodedInOnePlace() throws {
        #expect(try sources(with: /JSONDecoder|JSONSerialization/) == ["Sources/Files/JSONReader.swift"])
    }

    /// Swift takes CR LF for one character, which is no "\n": text from outside is split by `TextLines` or `LineReader`.
    @Test func linesAreSplitAsBytes() throws {
        #expect(try sources(with: /(split\(separator|components\(separatedBy): "(\\r)?\\n"/) == [])
    }

    /// The files of the program and the measurements in which an expression matches.
    private func sources(with expression: some RegexComponent) throws -> [String] {
        var found: [String] = []
        var count = 0
        for folder in ["Sources", "benchmarks"] {
            let root = Fixtures.repository.appendingPathComponent(folder)
            for case let path as String in try #require(FileManager.default.enumerator(atPath: root.path))
            where path.hasSuffix(".swift") {
                count += 1
                let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
                if text.contains(expression) { found.append("\(folder)/\(path)") }
            }
        }
        #expect(count > 200)
        return found
    }

    @Test func arrowsPointDownOnly() {
        #expect(picture.groups.count > 5)
        #expect(picture.arrowsUpwards() == [])
    }
}
