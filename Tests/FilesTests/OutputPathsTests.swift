import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// Outputs that would take the place of an input or of each other.
struct OutputPathsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("in", Data("x".utf8))
        #expect(symlink("in", folder.path("soft")) == 0)
        #expect(link(folder.path("in"), folder.path("hard")) == 0)
    }

    @Test(arguments: ["in", "./in", "soft", "hard", "../#/in"])
    func anInputUnderAnyName(_ name: String) throws {
        let output = folder.path(name.replacing("#", with: folder.url.lastPathComponent))
        let refusal = InputError(
            output, expected: "an output that is not read", found: "the input \(folder.path("in"))", as: .sameFile)
        #expect(throws: refusal) { try OutputPaths.requireApart(["new", output], from: [folder.path("in")]) }
    }

    @Test func twoOutputsOfOneName() throws {
        let (one, other) = (folder.path("new"), folder.path("./new"))
        let refusal = InputError(other, expected: "a file of its own", found: "the output \(one)", as: .sameFile)
        #expect(throws: refusal) { try OutputPaths.requireApart([one, other], from: []) }
    }

    @Test func filesThatAreApart() throws {
        try folder.write("out", Data("x".utf8))
        let outputs = ["out", "new", "newer", "no/such"].map(folder.path)
        try OutputPaths.requireApart(outputs, from: ["-", "/dev/null", folder.path("none"), folder.path("in")])
        try OutputPaths.requireApart(["/dev/null"], from: ["/dev/null"])
    }
}
