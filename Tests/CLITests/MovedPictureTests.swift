import Attacks
import Foundation
import Images
import Pictures
import TestSupport
import Testing

/// A sample that was turned by 30°: found where searches may turn, and nowhere else.
@Suite(.takesTurns) struct MovedPictureTests {
    private func verdict(_ folder: TemporaryFolder, _ options: [String]) async throws -> (Int32, [String: Any]) {
        let turned = folder.path("turned.png")
        if !FileManager.default.fileExists(atPath: turned) {
            let image = try ImageFile.read(Fixtures.repository.path + "/samples/images/marked-1.png")
            let attack = try Attack(parsing: "rotation:30")
            try folder.write("turned.png", Data(PNGEncoder.encode(try attack.apply(to: image, seed: 1))))
        }
        let output = try await Tool.run(
            ["verify", turned, "--key", "samples/demo.key.json", "--looks", "none/0", "--json"] + options)
        return (output.status, try #require(output.json.first, "\(output.stderr)"))
    }

    @Test func aTurnedSampleIsFoundAndItsPlaceIsTold() async throws {
        let folder = try TemporaryFolder()
        let (status, verdict) = try await verdict(folder, [])
        #expect(status == 0 && verdict["verdict"] as? String == "watermarked")
        let placement = try #require(verdict["placement"] as? [String: Any])
        #expect(abs(try #require(placement["degrees"] as? Double) - 30) < 3 && placement["tier"] as? String == "turned")
        #expect(placement["mirrored"] as? Bool == false && (placement["corners"] as? [[Double]])?.count == 4)
        #expect((verdict["looks"] as? [[String: Any]])?.map { $0["search"] as? String } == [nil, "turned"])
        #expect(verdict["looks_planned"] as? Int == 2)
        let codes = try #require(verdict["findings"] as? [[String: Any]]).compactMap { $0["code"] as? String }
        #expect(codes.contains("picture_moved"))
    }

    @Test(arguments: ["none", "upright"]) func itIsLostWhereNothingMayBeTurned(extent: String) async throws {
        let folder = try TemporaryFolder()
        let (status, verdict) = try await verdict(folder, ["--search", extent])
        #expect(status == 1 || status == 3)
        #expect(verdict["placement"] == nil && verdict["looks_planned"] as? Int == (extent == "none" ? 1 : 2))
        #expect(verdict["hypotheses"] as? Int == (extent == "none" ? 1 : 2))
    }

    @Test func anotherExtentIsAMistakeOfUsage() async throws {
        let output = try await Tool.run(
            ["verify", "samples/images/marked-1.png", "--key", "samples/demo.key.json", "--search", "sideways"])
        #expect(output.status == 64 && output.stderr.contains("--search") && output.stderr.contains("upright"))
    }
}
