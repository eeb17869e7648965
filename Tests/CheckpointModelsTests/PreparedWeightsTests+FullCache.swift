import CheckpointModels
import Files
import Foundation
import InputErrors
import OnnxGraphs
import TestSupport
import Testing

/// Where the cache folder cannot take a file, weights are prepared in a place that is removed.
extension PreparedWeightsTests {
    private func make(
        _ temporary: String, progress: (Double) -> Void = { _ in }, building: () -> Void = {}
    ) throws -> (weights: PreparedWeights, result: [(values: ExternalData, scales: ExternalData)]) {
        try PreparedWeights.make(
            for: weights, name: "unet", ["RINGKEY_CACHE": folder.path("cache"), "TMPDIR": temporary],
            progress: progress
        ) { prepared in
            building()
            return try Layer.all.map { prepared.matrix(try $0.location(in: weights), $0.kind) }
        }
    }

    @Test func whatCannotBeKeptIsMadeInAFolderThatIsRemoved() throws {
        let kept = try prepared().path
        try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
        let before = try folder.names
        var made: (weights: PreparedWeights, result: [(values: ExternalData, scales: ExternalData)])?
        made = try make(folder.url.path)
        let path = try #require(made?.weights.path)
        #expect(made?.weights.isKept == false && path != kept)
        #expect(made?.result.allSatisfy { "/\($0.values.file)" == path } == true)
        #expect(RawPath(path).status != nil)
        made = nil
        #expect(try folder.names == before && RawPath(path).status == nil)
    }

    @Test func whatCanBeWrittenNowhereIsRefusedWithBothPlaces() throws {
        let kept = try prepared().path
        try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
        let error = refusal { try make(folder.path("none")) }
        #expect(error?.code == .notWritable && error?.subject == kept)
        #expect(error?.expected.contains(folder.path("none")) == true)
    }

    /// The system allows no file of the size in the cache folder, then, in the second place, it does or does not.
    @Test func aFullDiskDoesNotEndIt() async {
        // A process of its own, because limits are everybody's.
        await #expect(processExitsWith: .success) {
            let tests = try PreparedWeightsTests()
            signal(SIGXFSZ, SIG_IGN)
            func limit(_ count: rlim_t) {
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                limit.rlim_cur = min(count, limit.rlim_max)
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            }
            let temporary = tests.folder.url.path
            limit(4096)
            let error = refusal { try tests.make(temporary) }
            limit(.max)
            let place = URL(fileURLWithPath: temporary).resolvingSymlinksInPath().path + "/ringkey-"
            #expect(error?.code == .notWritable && error?.found == systemMessage(EFBIG))
            #expect(error?.subject.contains("/cache/weights/") == true && error?.expected.contains(place) == true)
            #expect(try tests.folder.names == ["cache", "weights.safetensors"] && tests.cached.isEmpty)

            var builds = 0
            var parts: [Double] = []
            let made = try tests.make(temporary, progress: { parts.append($0) }) {
                builds += 1
                limit(builds == 1 ? 16384 : .max)
            }
            #expect(builds == 2 && !made.weights.isKept && tests.cached.isEmpty)
            #expect(parts == parts.sorted() && Set(parts).count == parts.count && parts.last == 1)
            #expect(try tests.make(temporary).weights.isKept)
        }
    }
}
