import Foundation
import InputErrors
import KeyDocuments
import Marks
import RandomNumbers
import RingIDKeys
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct RingIDKeyTests {
    private let shape = LatentShape(channels: 4, height: 32, width: 32)

    private func geometry(
        rings: [Int] = [3], noise: [Int] = [0], levels: Int = 2, radius: Int = 12
    ) throws -> RingIDGeometry {
        try RingIDGeometry(
            latentShape: shape, radius: radius, innerRadius: 3, ringChannels: rings, noiseChannels: noise,
            levels: levels, subject: "test", as: .invalidSetting)
    }

    private func key(_ geometry: RingIDGeometry, _ number: Int = 0) throws -> RingIDKey {
        let digits = String(repeating: "5a", count: 30) + String(format: "%04x", number)
        let secret = try #require(Secret(hexadecimal: digits))
        return RingIDKey(name: "k", geometry: geometry, secret: secret)
    }

    private func recovered(_ key: RingIDKey, noisePower: Float, seed: UInt64 = 3) -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        key.embed(into: &noise)
        let other = Tensor(normal: shape.tensorShape(), seed: seed + 100)
        return Tensor(
            zip(noise.elements, other.elements).map { $0 + noisePower.squareRoot() * $1 }, shape: noise.shape)
    }

    @Test func marksAreFoundAndOthersAreNot() throws {
        for (rings, noise, levels, limit) in [([3], [0], 2, -40.0), ([1, 3], [0], 4, -40), ([0, 1], [], 2, -5)] {
            let geometry = try geometry(rings: rings, noise: noise, levels: levels)
            let marker = try key(geometry)
            let latent = recovered(marker, noisePower: 0.5)
            let own = try #require(try KeySet([marker]).match(latent, twoSided: false).first?.log10PValue)
            #expect(own < limit, "\(rings) \(noise): \(own)")
            let other = try #require(try KeySet([key(geometry, 1)]).match(latent, twoSided: false).first?.log10PValue)
            #expect(other > -4, "\(rings) \(noise): \(other)")
        }
    }

    /// P(p ≤ x) over keys, whatever the latent shows: rings with two levels and with three, with noise and alone.
    @Test(arguments: [
        ([3], [0], 2), ([1, 2], [0], 3), ([0], [], 2), ([], [1, 2], 2),
    ])
    func pIsUniformOverKeys(rings: [Int], noise: [Int], levels: Int) throws {
        let geometry = try geometry(rings: rings, noise: noise, levels: levels)
        var random = NormalStream(seed: 8)
        let white = Tensor(random.next(shape.count).map { Float($0) }, shape: shape.tensorShape())
        let boxes = Tensor((0..<shape.count).map { $0 / 5 % 7 < 3 ? 1 : -0.5 }, shape: shape.tensorShape())
        // The rings' own shape: what they would find if the test took anything of the image for granted.
        var ringed = Tensor(zeros: shape.tensorShape())
        try key(self.geometry(rings: [0, 1, 2, 3], noise: [])).embed(into: &ringed)
        let reader = RingIDReader(geometry)
        let count = 4000
        let keys = try (0..<count).map { try key(geometry, $0).numbers }
        for latent in [white, boxes, ringed] {
            let reading = try reader.read(latent)
            let pValues = keys.map {
                exp(reader.logPValue(agreement: reader.agreement(reading, $0), of: reading, twoSided: false))
            }
            for level in [0.1, 0.01] {
                // Where p takes some values only, it holds with equality at each of them.
                let attained = noise.isEmpty ? pValues.filter { $0 <= level }.max() ?? 0 : level
                let found = Double(pValues.count { $0 <= attained })
                let deviation = (Double(count) * attained).squareRoot()
                #expect(
                    abs(found - Double(count) * attained) <= 4 * deviation,
                    "\(found) of \(count) at \(attained), rings \(rings), noise \(noise)")
            }
        }
    }

    /// Rings alone are a key out of few.
    @Test func ringsAloneHaveAFloor() throws {
        let key = try key(geometry(rings: [3], noise: []))
        #expect(key.smallestPValue == pow(2.0, -9))
        var latent = Tensor(normal: shape.tensorShape(), seed: 4)
        key.embed(into: &latent)
        let match = try #require(try KeySet([key]).match(latent, twoSided: false).first?.log10PValue)
        #expect(abs(match - log10(key.smallestPValue)) < 1e-6, "\(match)")
    }

    /// A median p-value is that of marks with so much noise, and its ratio comes out again.
    @Test(arguments: [0.05, 0.5])
    func reachIsWhatMarksHave(ratio: Double) throws {
        let key = try key(geometry())
        let reader = key.makeReader()
        let readings = try (0..<61).map {
            try reader.read(recovered(key, noisePower: Float(1 / ratio), seed: UInt64($0)))
        }
        let agreements = readings.map { reader.agreement($0, key.numbers) }
        let logs = zip(readings, agreements).map {
            reader.logPValue(agreement: $1, of: $0, twoSided: false) / log(10)
        }.sorted()
        let median = reader.log10MedianPValue(of: key.numbers, signalToNoise: ratio)
        #expect(abs(logs[30] - median) < max(1.2, 0.2 * abs(median)), "\(logs[30]), foretold \(median)")
        let measured = agreements.map { reader.signalToNoise(of: key.numbers, agreement: $0) }.sorted()[30]
        #expect(measured > 0.5 * ratio && measured < 1.6 * ratio, "\(measured)")
    }

    @Test func readsWhatItWrote() throws {
        for own in [try key(geometry()), try key(geometry(rings: [], noise: [1, 2]), 7)] {
            #expect(try RingIDKey(data: own.data(), named: "k") == own)
        }
    }

    @Test(arguments: [
        ("\"levels\" : 2", "\"levels\" : 1", "k.json"), ("\"raster_side\" : 33", "\"raster_side\" : 34", "k.json"),
        ("\"radius\" : 12", "\"radius\" : 15", "k.json"), ("\"radius\" : 12", "\"radius\" : 11", "id"),
        ("5a0000\"", "5a0001\"", "id"), ("\"secret\"", "\"sacred\"", "k.json"),
        ("\"latent\" : [\n    4", "\"latent\" : [\n    1e9", "k.json"),
    ])
    func refuses(part: String, replacement: String, named member: String) throws {
        let text = try #require(String(data: key(geometry()).data(), encoding: .utf8))
        #expect(text.contains(part), "\(text)")
        let data = Data(text.replacingOccurrences(of: part, with: replacement).utf8)
        let error = #expect(throws: InputError.self) { try RingIDKey(data: data, named: "k.json") }
        #expect(error?.subject.contains(member) == true, "\(String(describing: error))")
    }

    private func pattern(_ edit: (inout [Float]) -> Void) throws -> (TemporaryFolder, RingIDPattern) {
        var values = [Float](repeating: 0, count: 2 * 4 * 32 * 32)
        edit(&values)
        let folder = try TemporaryFolder()
        try NpyArray(shape: [1, 4, 32, 32], elements: .complex64(values)).write(
            to: folder.path("p.npy"), overwrite: false)
        var pattern = RingIDPattern(path: folder.path("p.npy"))
        pattern.range = 32
        return (folder, pattern)
    }

    @Test func refusesWhatIsNoPattern() throws {
        for (edit, found) in [
            ({ _ in }, "zeros"), ({ values in values[1000] = 3 }, "another spectrum"),
            ({ values in values[1000] = .nan }, "NaN"),
        ] as [((inout [Float]) -> Void, String)] {
            let (folder, pattern) = try pattern(edit)
            let error = #expect(throws: InputError.self) { try pattern.key(name: "k") }
            #expect(error?.found.contains(found) == true && error?.subject == folder.path("p.npy"))
        }
    }
}
