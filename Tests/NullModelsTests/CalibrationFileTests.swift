import Foundation
import InputErrors
import NullModels
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The file `ringkey.calibration/1`.
@Suite struct CalibrationFileTests {
    private static func calibration(
        images: Int = 20, guidance: Double = 1, recoveries: [MarkRecovery] = [],
        scores: [String: [String: [Float]]] = [:]
    ) throws -> Calibration {
        let latents = (0..<UInt64(images)).map { Tensor(normal: [1, 2, 6, 9], seed: $0) }
        let null = try NullModel(learningFrom: latents)
        let other = try NullModel(learningFrom: latents.map { 2 * $0 })
        return try Calibration(
            modelDigest: "abc", prompt: "hills \"at\" dawn", guidance: guidance, images: images,
            nulls: ["none/0": null, "anderson:4/10": other], recoveries: recoveries,
            scores: scores)
    }

    @Test func survivesAFile() throws {
        let folder = try TemporaryFolder()
        let calibration = try Self.calibration()
        try calibration.write(to: folder.path("c.safetensors"), overwrite: false)
        let read = try Calibration(contentsOf: folder.path("c.safetensors"))
        #expect(read.digest == calibration.digest && read.digest.count == 64)
        #expect(read.modelDigest == "abc" && read.prompt == "hills \"at\" dawn" && read.guidance == 1)
        #expect(read.images == 20 && read.nulls.keys.sorted() == ["anderson:4/10", "none/0"])
        #expect(read.latentShape == LatentShape(channels: 2, height: 6, width: 9))
        let latent = Tensor(normal: [1, 2, 6, 9], seed: 50)
        for (way, null) in calibration.nulls {
            #expect(read.nulls[way]?.filtered(latent).elements == null.filtered(latent).elements)
        }
        let code = refusalCode { try calibration.write(to: folder.path("c.safetensors"), overwrite: false) }
        #expect(code == .exists)
    }

    /// Nineteen of twenty images have the ratio that is kept, or more.
    @Test func recoveriesSurviveAFile() throws {
        let folder = try TemporaryFolder()
        let ratios = (0..<40).map { 0.1 + Double(39 - $0) }
        let recoveries = [
            MarkRecovery(route: "none/0", family: "ring ring radius=10 width=1", ratios: ratios),
            MarkRecovery(route: "anderson:4/10", family: "other", ratios: [Double](repeating: 0, count: 8)),
        ]
        let calibration = try Self.calibration(recoveries: recoveries)
        let path = folder.path("c.safetensors")
        try calibration.write(to: path, overwrite: false)
        let read = try Calibration(contentsOf: path)
        #expect(read.recoveries == recoveries && read.digest == calibration.digest)
        #expect(try calibration.digest != Self.calibration().digest)
        let found = try #require(read.recovery(route: "none/0", family: "ring ring radius=10 width=1"))
        #expect(found.signalToNoise == 2.1 && found.images == 40)
        #expect(read.recovery(route: "none/0", family: "other") == nil)

        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        for wrong in ["none/0 xy 2.1", "none/0 40 nan", "none/0 40 -.1", "none/0 07 2.1"] {
            let changed = try content.replacing("none/0 40 2.1", with: wrong)
            try expectRefusal(folder.write("wrong", changed), .calibrationDocument, "recoveries: expected entries of")
        }
        let other = try content.replacing("none/0 40 2.1", with: "none/0 40 3.1")
        try expectRefusal(folder.write("other", other), .calibrationDocument, "sha256")
    }

    @Test func scoresOfKeysSurviveAFile() throws {
        let folder = try TemporaryFolder()
        let scores: [String: [String: [Float]]] = [
            "none/0": ["0123456789abcdef": [3, -1, 2]], "anderson:4/10": ["0123456789abcdef": [1], "b": [5, 4]],
        ]
        let calibration = try Self.calibration(scores: scores)
        #expect(try calibration.digest != Self.calibration().digest)
        try calibration.write(to: folder.path("c.safetensors"), overwrite: false)
        let read = try Calibration(contentsOf: folder.path("c.safetensors"))
        #expect(read.digest == calibration.digest && read.nulls.count == 2)
        #expect(read.scores["none/0"] == ["0123456789abcdef": [-1, 2, 3]])
        #expect(read.scores["anderson:4/10"] == ["0123456789abcdef": [1], "b": [4, 5]])
    }

    @Test func theDigestCoversWhatCounts() throws {
        let digest = try Self.calibration().digest
        #expect(try Self.calibration().digest == digest)
        #expect(try Self.calibration(images: 21).digest != digest)
        #expect(try Self.calibration(guidance: 2).digest != digest)
    }

    @Test func changedFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("c.safetensors")
        try Self.calibration().write(to: path, overwrite: false)
        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        // One bit of the last number.
        var flipped = content
        flipped[flipped.count - 3] ^= 1
        try expectRefusal(folder.write("flipped", flipped), .calibrationDocument, "sha256")
        try expectRefusal(folder.write("short", content.dropLast(4)), .damaged, "short")
        try expectRefusal(folder.write("text", Data("not a calibration".utf8)), .damaged, "text")
        try expectRefusal(
            folder.write("model", try content.replacing("\"abc\"", with: "\"abd\"")), .calibrationDocument, "sha256")
        try expectRefusal(
            folder.write("format", try content.replacing("calibration/1", with: "calibration/9")),
            .calibrationDocument, "format")
        // Tensors of somebody else.
        let foreign = folder.path("foreign")
        try SafetensorsFile.write([("weight", Tensor(zeros: [2, 2]))], to: foreign, overwrite: false)
        try expectRefusal(foreign, .calibrationDocument, "no field format")
    }

    private func expectRefusal(
        _ path: String, _ code: InputError.Code, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: InputError.self, sourceLocation: sourceLocation) {
            _ = try Calibration(contentsOf: path)
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(
            error?.description.contains(words) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
    }
}

extension Data {
    /// The bytes with the first occurrence of one text replaced by another of its length.
    fileprivate func replacing(_ text: String, with other: String) throws -> Data {
        var copy = self
        let range = try #require(copy.range(of: Data(text.utf8)), "no \(text)")
        copy.replaceSubrange(range, with: Data(other.utf8))
        return copy
    }
}
