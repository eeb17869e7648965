import Foundation
import InputErrors
import RingKeys
import Spectra
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Files as the reference package saves them.
@Suite struct ReferenceImportTests {
    private struct Entry: Decodable {
        let file: String
        let channel: Int
        let radius: Int
        let pattern: String
        let rings: [[Double]]?
        let seen: [Double]?
    }

    private func entry(_ pattern: String, channel: Int) throws -> Entry {
        let entries = try ReferenceFixtures.decode([Entry].self, "files.json")
        return try #require(entries.first { $0.pattern == pattern && $0.channel == channel })
    }

    @Test func readsChannelRadiusAndPatternFromTheName() throws {
        for (pattern, channel, dimension) in [("ring", 0, 20), ("rand", 2, 0), ("ring", -1, 40), ("zeros", 1, 0)] {
            let entry = try entry(pattern, channel: channel)
            let key = try RingKey(reference: ReferenceFixtures.path(entry.file))
            #expect(key.geometry.pattern.rawValue == "tree-ring/\(pattern)")
            #expect(key.geometry.channels == (channel == -1 ? [0, 1, 2, 3] : [channel]))
            #expect(key.geometry.radius == Double(entry.radius))
            #expect(key.isRandom == (pattern != "zeros"))
            if dimension > 0 { #expect(key.numbers.count == dimension) }
        }
    }

    /// κ is in units of what white noise has, √(N/2): the numbers are the file's.
    @Test func takesTheRingsValues() throws {
        let entry = try entry("ring", channel: 0)
        let key = try RingKey(reference: ReferenceFixtures.path(entry.file))
        let expected = try #require(entry.rings).flatMap { $0 }.map { $0 / 2048.0.squareRoot() }
        // The file is in single precision.
        expectClose(key.numbers, expected, relative: 1e-6)
        #expect(abs(expected[0] * 2048.0.squareRoot() - 29.2) < 0.05)
    }

    /// Without any noise, the reference's own marked latent does not have the ring values that were put into it.
    @Test func realPartMixesRings() throws {
        let entry = try entry("ring", channel: 0)
        let key = try RingKey(reference: ReferenceFixtures.path(entry.file))
        let put = try #require(entry.rings).map { $0[0] }
        let seen = try #require(entry.seen)
        expectClose(put.prefix(4), [29.2, 11.6, -49.4, -85.3], absolute: 0.05)
        expectClose(seen.prefix(4), [3.9, -13.1, -34.7, -45.4], absolute: 0.05)
        // The same from this side: the means of Re F over the mask's rings of the latent that NumPy marked.
        let marked = try ReferenceFixtures.latent("ring64_marked.npy").elements
        let transform = PlaneTransform(height: 64, width: 64)
        let plane = ComplexPlane(height: 64, width: 64)
        for i in marked.indices { plane[i] = (marked[i], 0) }
        transform.forward(plane)
        let target = try ReferenceFixtures.complex(key.referenceSpectrum)
        let found = try #require(entry.rings).map { ring -> Double in
            let cells = (0..<4096).filter { abs(Double(target[2 * $0]) - ring[0]) < 1e-3 }
            let sum = cells.reduce(0.0) { $0 + Double(plane[($1 / 64 + 32) % 64 * 64 + ($1 % 64 + 32) % 64].real) }
            return sum / Double(cells.count)
        }
        expectClose(found, seen, absolute: 1e-3)
    }

    /// What NumPy embedded is found.
    @Test func findsWhatNumPyEmbedded() throws {
        let key = try RingKey(reference: ReferenceFixtures.path(entry("ring", channel: 0).file))
        let marked = try ReferenceFixtures.latent("ring64_marked.npy")
        let others = Tensor(normal: [1, 3, 64, 64], seed: 3)
        let latent = Tensor(marked.elements + others.elements, shape: [1, 4, 64, 64])
        let reader = RingReader(key.geometry)
        #expect(ReferenceTrials.log10P(try reader.read(latent), key.numbers[...]) < -8)
        #expect(
            ReferenceTrials.log10P(try reader.read(Tensor(normal: [1, 4, 64, 64], seed: 5)), key.numbers[...]) > -3
        )
    }

    @Test func jsonRoundTripKeepsEverything() throws {
        for (pattern, channel) in [("ring", 0), ("rand", 2), ("ring", -1), ("zeros", 1)] {
            let key = try RingKey(reference: ReferenceFixtures.path(entry(pattern, channel: channel).file))
            let again = try RingKey(data: key.data(), named: "key.json")
            #expect(again == key)
            #expect(again.id == key.id)
        }
    }

    /// Import, export under the package's name, import: the same key.
    @Test func exportIsWhatThePackageReads() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (pattern, channel) in [("ring", 0), ("rand", 2), ("ring", -1)] {
            let key = try RingKey(reference: ReferenceFixtures.path(entry(pattern, channel: channel).file))
            let path = folder.appendingPathComponent(key.referenceFileName).path
            try key.referenceSpectrum.write(to: path, overwrite: false)
            let again = try RingKey(reference: path, name: key.name)
            #expect(again.id == key.id)
            #expect(again.numbers == key.numbers)
        }
    }

    @Test func namesWhatIsWrongWithAFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func refusal(
            _ name: String, _ array: NpyArray, channel: Int? = nil, radius: Int? = nil, pattern: String? = nil
        ) throws -> InputError? {
            let path = folder.appendingPathComponent(name).path
            try array.write(to: path, overwrite: true)
            do {
                _ = try RingKey(reference: path, channel: channel, radius: radius, pattern: pattern)
                return nil
            } catch let error as InputError {
                return error
            }
        }
        let source = ReferenceFixtures.path(try entry("rand", channel: 2).file)
        let noise = try NpyArray(contentsOf: source)
        guard case .complex128(let values) = noise.elements else {
            Issue.record("a fixture of other elements")
            return
        }
        var spoilt = values
        // Channel 2, DC.
        spoilt[2 * (2 * 576 + 12 * 24 + 12)] = .nan
        let ones = NpyArray(shape: [1, 4, 24, 24], elements: .complex64([Float](repeating: 1, count: 4608)))
        let real = NpyArray(shape: [4, 24, 24], elements: .float32(.init(repeating: 0, count: 2304)))
        let flat = NpyArray(shape: [48, 48], elements: noise.elements)
        let pair = NpyArray(shape: [2, 2, 24, 24], elements: noise.elements)
        let broken = NpyArray(shape: [1, 4, 24, 24], elements: .complex128(spoilt))
        for (error, code, words) in [
            (try refusal("plain.npy", noise), .undescribedKey, "HASH_CHANNEL_RADIUS_PATTERN"),
            (try refusal("a_2_six_rand.npy", noise), .undescribedKey, "HASH_CHANNEL_RADIUS_PATTERN"),
            (try refusal("a_2_6_rand.npy", real), .unsupported, "complex"),
            (try refusal("a_2_6_rand.npy", flat), .wrongShape, "[48, 48]"),
            (try refusal("a_2_6_rand.npy", pair), .wrongShape, "[2, 2, 24, 24]"),
            (try refusal("a_2_6_rand.npy", broken), .notFinite, "NaN"),
            (try refusal("a_4_6_rand.npy", noise), .invalidSetting, "channels"),
            (try refusal("a_-2_6_rand.npy", noise), .invalidSetting, "channels"),
            (try refusal("a_2_12_rand.npy", noise), .invalidSetting, "radius"),
            (try refusal("a_2_0_rand.npy", noise), .invalidSetting, "radius"),
            (try refusal("a_2_6_star.npy", noise), .undescribedKey, "star"),
            (try refusal("a_2_6_ring.npy", noise), .keyMismatch, "each ring"),
            (try refusal("a_2_6_zeros.npy", noise), .keyMismatch, "zeros"),
            (try refusal("a_2_6_const.npy", noise), .keyMismatch, "constant"),
            (try refusal("a_2_6_rand.npy", ones), .keyMismatch, "noise"),
            (try refusal("a_2_6_rand.npy", noise, pattern: "ring"), .keyMismatch, "each ring"),
        ] as [(InputError?, InputError.Code, String)] {
            let message = error?.description.replacingOccurrences(of: folder.path + "/", with: "") ?? "accepted"
            #expect(error?.code == code, "\(message)")
            #expect(message.contains(words), "\(message) does not say \(words)")
        }
        // What is given fills in what the name does not say, and wins over what it says.
        #expect(try refusal("plain.npy", noise, channel: 2, radius: 6, pattern: "rand") == nil)
        #expect(try refusal("a_9_6_rand.npy", noise, channel: 2) == nil)
        #expect(try refusal("a_0_6_const.npy", ones) == nil)
    }

    /// The rings of Hong et al. (2024), 80·((k-1)·2+1): written by hand, so no exact p-value.
    @Test func handWrittenRingsHaveNoExactPValue() throws {
        let source = try RingKey(
            treeRing: .treeRingRing, noise: Tensor(normal: [1, 4, 64, 64], seed: 8), channel: 0, radius: 6,
            name: "rings")
        var values = try ReferenceFixtures.complex(source.referenceSpectrum)
        let rings = Array(source.numbers.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
        let factors: [Float] = [1.1, 0.8, 1.2, 0.9, 0.6, 1.4]
        var written = 0
        for i in stride(from: 0, to: 2 * 4096, by: 2) where values[i] != 0 {
            written += 1
            let number = Double(values[i]) / 2048.0.squareRoot()
            let ring = try #require(rings.firstIndex { abs($0 - number) < 1e-5 })
            (values[i], values[i + 1]) = (80 * ((factors[ring] - 1) * 2 + 1), 0)
        }
        #expect(written > 100, "\(written) coefficients")
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)_0_6_ring.npy")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try NpyArray(shape: [1, 4, 64, 64], elements: .complex64(values)).write(to: path, overwrite: false)
        let key = try RingKey(reference: path)
        #expect(!key.isRandom)
        #expect(key.reasonWithoutExactPValue?.contains("by hand") == true)
        #expect(try key.publishedScore(Tensor(normal: [1, 4, 64, 64], seed: 9)).pValue != nil)
    }
}
