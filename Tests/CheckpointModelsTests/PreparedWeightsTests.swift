import Files
import Foundation
import InputErrors
import OnnxGraphs
import TensorFiles
import TestSupport
import Testing

import CheckpointModels

@Suite struct PreparedWeightsTests {
    /// A layer of the fixture: its tensor, its kind, the rows that are wanted and its name in the golden file.
    struct Layer: Sendable {
        let tensor: String
        let kind: QuantizedMatrixKind
        var rows: Range<Int>?

        var golden: String { rows.map { "\(tensor) \($0)" } ?? tensor }

        func location(in weights: CheckpointWeights) throws -> TensorLocation {
            let whole = try weights.tensor(tensor)
            return rows.map(whole.rows) ?? whole
        }

        static let all = [
            Layer(tensor: "linear", kind: .linear), Layer(tensor: "linear", kind: .linear, rows: 3..<68),
            Layer(tensor: "half", kind: .linear), Layer(tensor: "pixel", kind: .linear),
            Layer(tensor: "convolution", kind: .convolution), Layer(tensor: "wide", kind: .convolution),
            Layer(tensor: "single", kind: .linear), Layer(tensor: "tall", kind: .convolution),
        ]
    }

    let folder: TemporaryFolder
    let weights: CheckpointWeights

    init() throws {
        folder = try TemporaryFolder()
        let path = try folder.write("weights.safetensors", Data(contentsOf: Self.fixture("weights")))
        weights = try CheckpointWeights(named: "layers", files: [URL(fileURLWithPath: path)])
    }

    private static func fixture(_ name: String) -> URL {
        Fixtures.url("checkpoints/prepared/\(name).safetensors")
    }

    private var cache: String { folder.path("cache/weights") }
    var cached: [String] { (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? [] }

    func prepared(_ name: String = "unet", cache: String? = nil) throws -> PreparedWeights {
        try PreparedWeights(
            for: weights, name: name,
            ["RINGKEY_CACHE": cache ?? folder.path("cache"), "TMPDIR": folder.url.path])
    }

    /// All layers written; what they were given.
    @discardableResult
    private func write(_ prepared: PreparedWeights) throws -> [(values: ExternalData, scales: ExternalData)] {
        let places = try Layer.all.map { prepared.matrix(try $0.location(in: weights), $0.kind) }
        try prepared.write()
        return places
    }

    private func content(_ place: ExternalData) throws -> Data {
        let file = try Data(contentsOf: URL(fileURLWithPath: "/\(place.file)"))
        return try #require(file.count >= place.offset + place.byteCount ? file : nil)[
            place.offset..<place.offset + place.byteCount]
    }

    @Test func everyElementIsTheGoldenOne() throws {
        let golden = try SafetensorsFile(contentsOf: Self.fixture("golden").path)
        let bytes = try Data(contentsOf: Self.fixture("golden"))
        for (layer, place) in zip(Layer.all, try write(try prepared())) {
            let values = try #require(golden.span(of: "\(layer.golden).values"))
            #expect(try content(place.values).elementsEqual(bytes[values]), "\(layer.golden)")
            let scales = try #require(golden.span(of: "\(layer.golden).scales"))
            #expect(try content(place.scales).elementsEqual(bytes[scales]), "\(layer.golden)")
        }
    }

    @Test func placesAreAlignedAndApart() throws {
        let prepared = try prepared()
        let places = try write(prepared).flatMap { [$0.values, $0.scales] }
        #expect(places.allSatisfy { $0.offset % 64 == 0 && "/\($0.file)" == prepared.path })
        var end = 64
        for place in places {
            #expect(place.offset == end)
            end = (place.offset + place.byteCount + 63) / 64 * 64
        }
        let file = try Data(contentsOf: URL(fileURLWithPath: prepared.path))
        #expect(file.count == end + Checksum.byteCount)
        var checksum = Checksum()
        checksum.update(file.prefix(end))
        #expect(file.suffix(Checksum.byteCount).elementsEqual(checksum.bytes))
    }

    @Test func theSameLayerIsOneEntry() throws {
        let prepared = try prepared()
        let layer = try weights.tensor("pixel")
        let first = prepared.matrix(layer, .linear)
        #expect(prepared.matrix(layer, .linear) == first)
        #expect(prepared.matrix(layer.viewed(as: [10, 6]), .linear).values.offset > first.values.offset)
        try prepared.write()
        #expect(prepared.matrix(layer, .linear) == first)
    }

    @Test func theFileIsTheUsersAloneAndAlwaysTheSame() throws {
        let first = try prepared()
        try write(first)
        let content = try Data(contentsOf: URL(fileURLWithPath: first.path))
        let path = URL(fileURLWithPath: cache).resolvingSymlinksInPath().path
        #expect(cached.map { "\(path)/\($0)" } == [first.path] && first.isKept)
        let mode = try FileManager.default.attributesOfItem(atPath: first.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.removeItem(atPath: first.path)
        let again = try prepared()
        try write(again)
        #expect(again.path == first.path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: again.path)) == content)
        again.discard()
        #expect(cached.count == 1)
    }

    @Test func theRightFileIsTakenAsItIs() throws {
        try write(try prepared())
        let path = try prepared().path
        let before = RawPath(path).status?.st_ino
        try write(try prepared())
        #expect(RawPath(path).status?.st_ino == before)
    }

    /// What may stand where the file is to be.
    enum Damage: CaseIterable {
        case empty, cut, longer, magic, version, length, digest, firstWeight, middle, lastScale, checksum, otherLayers,
            writableByOthers, otherOwner, link, otherWeights
    }

    @Test(arguments: Damage.allCases) func anyOtherFileIsMadeAnew(_ damage: Damage) throws {
        let prepared = try prepared()
        try write(prepared)
        let url = URL(fileURLWithPath: prepared.path)
        let right = try Data(contentsOf: url)
        func flip(_ byte: Int) throws {
            var wrong = right
            wrong[byte] ^= 1
            try wrong.write(to: url)
        }
        switch damage {
        case .empty: try Data().write(to: url)
        case .cut: try right.dropLast(64).write(to: url)
        case .longer: try (right + [0]).write(to: url)
        case .magic: try flip(0)
        case .version: try flip(8)
        case .length: try flip(16)
        case .digest: try flip(30)
        case .firstWeight: try flip(64)
        case .middle: try flip(right.count / 2)
        case .lastScale: try flip(right.count - Checksum.byteCount - 1)
        case .checksum: try flip(right.count - 1)
        case .otherLayers:
            let other = try self.prepared()
            _ = other.matrix(try weights.tensor("linear"), .linear)
            try other.write()
        case .writableByOthers: chmod(prepared.path, 0o620)
        // Only root can give a file away.
        case .otherOwner: chown(prepared.path, 65534, 65534)
        case .link:
            try FileManager.default.moveItem(atPath: prepared.path, toPath: folder.path("elsewhere"))
            symlink(folder.path("elsewhere"), prepared.path)
        case .otherWeights:
            let other = try self.prepared("vae")
            try write(other)
            try Data(contentsOf: URL(fileURLWithPath: other.path)).write(to: url)
        }
        try write(try self.prepared())
        let found = try Data(contentsOf: url)
        #expect(found == right)
        let status = try #require(RawPath(prepared.path).status)
        #expect(status.st_mode & 0o7777 == 0o600 && status.st_uid == geteuid())
        var own = stat()
        #expect(lstat(prepared.path, &own) == 0 && own.st_mode & S_IFMT == S_IFREG)
    }

    /// One begins, another begins and ends before the first does.
    @Test func twoAtOnceMakeTheSameFile() throws {
        let (first, second) = (try prepared(), try prepared())
        for layer in Layer.all { _ = first.matrix(try layer.location(in: weights), layer.kind) }
        var contents: [Data] = []
        try first.write { _ in
            guard contents.isEmpty else { return }
            #expect(throws: Never.self) {
                try write(second)
                contents.append(try Data(contentsOf: URL(fileURLWithPath: second.path)))
            }
        }
        contents.append(try Data(contentsOf: URL(fileURLWithPath: first.path)))
        #expect(contents.count == 2 && contents[0] == contents[1])
        #expect(cached.count == 1)
    }

    @Test func eachNetworkAndEachVersionOfTheWeightsHasAFileOfItsOwn() throws {
        let first = try prepared()
        #expect(try prepared("vae").path != first.path)
        let url = URL(fileURLWithPath: folder.path("weights.safetensors"))
        let content = try Data(contentsOf: url)
        try content.write(to: url)
        #expect(try prepared().path != first.path)
    }

    @Test(arguments: ["", "/proc/nowhere"]) func whereNothingIsKeptTheFileIsRemoved(_ cache: String) throws {
        let before = try folder.names
        var prepared: PreparedWeights? = try self.prepared(cache: cache)
        let path = try #require(prepared?.path)
        try write(try #require(prepared))
        #expect(prepared?.isKept == false)
        #expect(RawPath(path).status != nil && path.hasPrefix(folder.url.resolvingSymlinksInPath().path))
        #expect(RawPath(Folder.of(path)).status.map { $0.st_mode & 0o777 } == 0o700)
        prepared?.discard()
        #expect(RawPath(path).status == nil)
        #expect(try folder.names == before)
        prepared = try self.prepared(cache: cache)
        try write(try #require(prepared))
        prepared = nil
        #expect(try folder.names == before)
    }

    @Test func noPlaceAtAllIsRefused() throws {
        let error = refusal {
            try PreparedWeights(for: weights, name: "unet", ["RINGKEY_CACHE": "", "TMPDIR": folder.path("none")])
        }
        #expect(error?.code == .notWritable && error?.subject == folder.path("none"))
    }

    @Test func progressGrowsToOne() throws {
        for _ in 0..<2 {
            let prepared = try prepared()
            for layer in Layer.all { _ = prepared.matrix(try layer.location(in: weights), layer.kind) }
            var parts: [Double] = []
            try prepared.write { parts.append($0) }
            #expect(parts == parts.sorted() && parts.last == 1 && parts.allSatisfy { $0 > 0 })
            #expect(parts.filter { $0 == 1 }.count == 1)
        }
    }

    @Test(arguments: [Float.nan, .infinity]) func aWeightThatIsNoNumberIsRefused(_ number: Float) throws {
        let wrong = try folder.write(
            "wrong.safetensors", safetensors("F32", [2, 20], [Float](repeating: 1, count: 39) + [number]))
        try expectRefusal(wrong, .notFinite)
    }

    @Test(arguments: ["F16", "BF16"]) func aHalfThatIsNoNumberIsRefused(_ type: String) throws {
        let infinity: UInt16 = type == "F16" ? 0xFC00 : 0xFF80
        let numbers = [UInt16](repeating: 1, count: 23) + [infinity] + [UInt16](repeating: 1, count: 16)
        try expectRefusal(try folder.write("wrong.safetensors", safetensors(type, [2, 20], numbers)), .notFinite)
    }

    @Test func numbersOfAnotherTypeAreRefused() throws {
        let wrong = try folder.write("wrong.safetensors", safetensors("I32", [2, 2], [Int32](repeating: 1, count: 4)))
        try expectRefusal(wrong, .checkpoint)
    }

    @Test func weightsThatChangeMeanwhileAreRefused() throws {
        let prepared = try prepared()
        for layer in Layer.all { _ = prepared.matrix(try layer.location(in: weights), layer.kind) }
        let file = folder.path("weights.safetensors")
        let error = refusal { try prepared.write { _ in utimes(file, nil) } }
        #expect(error?.code == .damaged && error?.subject == "layers")
        #expect(cached.isEmpty)
    }

    @Test func whatEndedProcessesLeftIsRemovedAfterADay() throws {
        try write(try prepared())
        for (name, age) in [(".tmp-old", 90000), (".tmp-new", 3600), ("old", 90000)] {
            let path = "\(cache)/\(name)"
            try Data().write(to: URL(fileURLWithPath: path))
            let date = Date(timeIntervalSinceNow: -TimeInterval(age))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        try write(try prepared("vae"))
        #expect(cached.filter { $0.count < 20 }.sorted() == [".tmp-new", "old"])
    }

    /// The one tensor of a file is refused by its name, and nothing is left.
    private func expectRefusal(
        _ path: String, _ code: InputError.Code, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let weights = try CheckpointWeights(named: "wrong", files: [URL(fileURLWithPath: path)])
        let prepared = try PreparedWeights(for: weights, name: "unet", ["RINGKEY_CACHE": folder.path("cache")])
        _ = prepared.matrix(try weights.tensor("layer"), .linear)
        let error = refusal(sourceLocation: sourceLocation) { try prepared.write() }
        #expect(error?.code == code && error?.subject == "wrong: layer", sourceLocation: sourceLocation)
        #expect(cached.isEmpty, sourceLocation: sourceLocation)
    }

    private func safetensors<Number: BitwiseCopyable>(_ type: String, _ shape: [Int], _ numbers: [Number]) -> Data {
        let body = numbers.withUnsafeBytes { Data($0) }
        let header = #"{"layer":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(body.count)]}}"#
        return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + body
    }
}
