import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The inputs of the fuzz targets, seeds and what was found, are read once more.
struct FuzzTargetTests {
    @Test(arguments: FuzzTarget.all.map(\.name)) func everySeedIsTakenOrRefused(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        var (taken, refusals) = (0, [String]())
        for folder in target.folders.map({ Fixtures.repository.appendingPathComponent($0) }) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for name in names.sorted() where !folder.appendingPathComponent(name).hasDirectoryPath {
                let input = try Data(contentsOf: folder.appendingPathComponent(name))
                if let refusal = try target.read([UInt8](input)) { refusals.append("\(refusal)") } else { taken += 1 }
            }
        }
        // The fuzzer must start beyond the first check.
        #expect(taken > 0, "\(name) takes none of its seeds: \(refusals)")
    }
}
