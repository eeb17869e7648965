import Attacks
import Foundation
import Images
import TestSupport
import Testing

/// `ringkey robustness` as a user runs it, on few images with few steps.
@Suite(.takesTurns) struct RobustnessTests {
    private static let key = "samples/demo.key.json"
    private static let judging = ["--key", key, "--looks", "none/0", "--decoys", "0"]

    /// Two marked and two clean images of four steps.
    private func arguments(_ folder: TemporaryFolder, _ more: [String]) -> [String] {
        ["robustness", "-n", "2", "--image-steps", "4", "-o", folder.path("study")] + Self.judging + more
    }

    private func lines(_ folder: TemporaryFolder, _ name: String) throws -> [String] {
        try String(contentsOfFile: folder.path("study/" + name), encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    private func files(_ folder: TemporaryFolder) throws -> [String: Date] {
        let root = folder.url.appendingPathComponent("study")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".png") }
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                let path = root.appendingPathComponent(name).path
                let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
                return (name, try #require(date))
            })
    }

    @Test func aStudyIsMadeAndContinued() async throws {
        let folder = try TemporaryFolder()
        // ringkey robustness -n 2 --image-steps 4 --key samples/demo.key.json --attacks none,blur:4 -o study
        let first = try await Tool.run(arguments(folder, ["--attacks", "none,blur:4"]))
        #expect(first.status == 0, "\(first.stderr)")
        let made = try files(folder)
        #expect(
            made.keys.sorted() == [
                "attacked/blur-4/clean/image-00000.png", "attacked/blur-4/clean/image-00001.png",
                "attacked/blur-4/marked/image-00000.png", "attacked/blur-4/marked/image-00001.png",
                "clean/image-00000.png", "clean/image-00001.png", "marked/image-00000.png", "marked/image-00001.png",
            ])
        let labels = try lines(folder, "labels.csv")
        #expect(labels.count == 9 && labels[0] == "path,label,group")
        #expect(labels.count { $0.hasSuffix(",watermarked,blur:4") } == 2)
        #expect(labels.count { $0.hasSuffix(",clean,none") } == 2)
        #expect(try lines(folder, "results.jsonl").count == 9)
        let rows = try lines(folder, "report.md").filter { $0.hasPrefix("| none |") || $0.hasPrefix("| blur:4 |") }
        #expect(rows.count == 2, "one row an attack")
        #expect(try lines(folder, "report.html").joined().contains("blur:4"))

        // A study is not overwritten, and continued with the same images only.
        let again = try await Tool.run(arguments(folder, ["--attacks", "none,blur:4"]))
        #expect(again.status == 2 && again.errorLines.count == 1 && again.stderr.contains("--resume"))
        for other in [["--seed", "2"], ["--image-guidance", "2"], ["--fpr", "1e-3"], ["--prompts", "README.md"]] {
            let refused = try await Tool.run(arguments(folder, ["--attacks", "none", "--resume"] + other))
            #expect(
                refused.status == 2 && refused.stderr.contains("expected \(other[0].dropFirst(2)) "),
                "\(refused.stderr)")
        }

        // A lost image is made again as it was, with one more attack; the others are left alone.
        let lost = folder.path("study/marked/image-00001.png")
        let before = try Data(contentsOf: URL(fileURLWithPath: lost))
        try FileManager.default.removeItem(atPath: lost)
        let more = try await Tool.run(arguments(folder, ["--attacks", "none,blur:4,flip", "--resume"]))
        #expect(more.status == 0, "\(more.stderr)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: lost)) == before)
        let now = try files(folder)
        #expect(now.count == 12)
        for (name, date) in made where name != "marked/image-00001.png" { #expect(now[name] == date, "\(name)") }
        #expect(try lines(folder, "labels.csv").count == 13)
        #expect(Set(try lines(folder, "results.jsonl").compactMap(Self.path)).count == 12)
    }

    /// Images carry the keys in turn, and the report says which was found in which.
    @Test func severalKeysAreStudiedAtOnce() async throws {
        let folder = try TemporaryFolder()
        let both = arguments(folder, ["--key", "samples/other.key.json", "--attacks", "none,vflip"])
        let first = try await Tool.run(both)
        #expect(first.status == 0, "\(first.stderr)")
        let labels = try lines(folder, "labels.csv").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(labels[0] == ["path", "label", "group", "key"])
        let settings = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: folder.path("study/robustness.json"))))
        let keys = try #require((settings as? [String: Any])?["keys"] as? [String])
        #expect(keys.count == 2)
        #expect(labels.dropFirst().map { String($0[3]) } == [keys[0], keys[1], "", "", keys[0], keys[1], "", ""])
        let verdicts = try lines(folder, "results.jsonl").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        func found(_ image: String) -> String? {
            let verdict = verdicts.first { ($0["path"] as? String)?.hasSuffix("study/marked/\(image).png") == true }
            return (verdict?["key"] as? [String: Any])?["id"] as? String
        }
        #expect(found("image-00000") == keys[0])
        #expect(found("image-00001") == keys[1])

        let other = try await Tool.run(arguments(folder, ["--attacks", "none", "--resume"]))
        #expect(other.status == 2 && other.stderr.contains("expected key \(keys[0]) \(keys[1])"), "\(other.stderr)")
    }

    private static func path(_ line: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?["path"] as? String
    }

    /// Images of somebody's own; nothing is made but attacked ones.
    @Test func ownImagesAreTaken() async throws {
        let folder = try TemporaryFolder()
        for kind in ["marked", "clean"] {
            try FileManager.default.createDirectory(atPath: folder.path(kind), withIntermediateDirectories: true)
            for index in 1...3 {
                let sample = Fixtures.repository.appendingPathComponent("samples/images/\(kind)-\(index).png")
                try FileManager.default.copyItem(atPath: sample.path, toPath: folder.path("\(kind)/\(index).png"))
            }
        }
        let output = try await Tool.run(
            [
                "robustness", "--marked", folder.path("marked"), "--clean", folder.path("clean") + "/", "--attacks",
                "flip,vae,regenerate:40", "-o", folder.path("study"), "--quiet",
            ] + Self.judging)
        #expect(output.status == 0, "\(output.stderr)")
        #expect(output.stderr.isEmpty)
        #expect(try files(folder).count == 18)
        let source = try ImageFile.read(folder.path("marked/2.png"))
        let flipped = try ImageFile.read(folder.path("study/attacked/flip/marked/2.png"))
        #expect(Array(flipped.pixels.prefix(3)) == Array(source.pixels[(source.width - 1) * 3..<source.width * 3]))
        var errors: [Double] = []
        for attack in ["vae-1", "regenerate-40"] {
            let redrawn = try ImageFile.read(folder.path("study/attacked/\(attack)/marked/2.png"))
            let squares = zip(redrawn.pixels, source.pixels).map { pow(Double($0) - Double($1), 2) }
            errors.append((squares.reduce(0, +) / Double(squares.count)).squareRoot())
        }
        #expect(errors[0] > 0 && errors[0] < errors[1] && errors[1] < 20, "of 255: \(errors)")
    }

    @Test func helpDescribesEveryAttack() async throws {
        let output = try await Tool.run(["robustness", "--help"])
        #expect(output.status == 0)
        for kind in Distortion.Kind.allCases { #expect(output.stdout.contains("  \(kind.help.spelling) "), "\(kind)") }
    }

    @Test(arguments: [
        (["--attacks", "jepg:25"], 64, "jepg"), (["--attacks", "jpeg:0"], 64, "1 to 100"),
        (["--attacks", ""], 64, "--attacks"), (["--atacks", "none"], 64, "--attacks"), (["-n", "1"], 64, "-n"),
        (["--marked", "samples/images"], 64, "--clean"), (["--key", "no/such.key.json"], 2, "no/such.key.json"),
        (["--marked", "no/such", "--clean", "samples/images"], 2, "no/such"),
        (["--marked", "Sources", "--clean", "samples/images"], 2, "Sources"),
        (["--model", "Sources"], 2, "Sources"), (["--prompts", "no/such.txt"], 2, "no/such.txt"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int, _ word: String) async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run(self.arguments(folder, arguments))
        #expect(output.status == Int32(status), "\(output.stderr)")
        #expect(output.stderr.contains(word), "\(output.stderr)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("study/results.jsonl")))
    }

    @Test func aFolderOfOtherThingsIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("study"), withIntermediateDirectories: true)
        try folder.write("study/mine.txt", Data("mine".utf8))
        let output = try await Tool.run(arguments(folder, ["--attacks", "none"]))
        #expect(output.status == 2 && output.errorLines.count == 1 && output.stderr.contains("empty folder"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("study")) == ["mine.txt"])
    }
}
