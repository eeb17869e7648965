import Foundation
import InputErrors
import KeyDocuments
import Marks
import RandomNumbers
import SeedKeys
import Tensors
import TestSupport
import Testing

@Suite struct SeedKeyTests {
    private let shape = LatentShape(channels: 3, height: 14, width: 10)

    private func key(_ seed: UInt64, _ device: TorchNumbers.Device = .cpu) -> SeedKey {
        SeedKey(
            name: "seed", source: SeedNoise(seed: seed, device: device, precision: .float16, latentShape: shape))
    }

    @Test func theMarkIsTheNoiseItself() throws {
        var noise = Tensor(normal: shape.tensorShape(batch: 2), seed: 3)
        let key = key(999_999)
        key.embed(into: &noise)
        let own = TorchNumbers.normals(420, seed: 999_999, device: .cpu, precision: .float16)
        #expect(noise.elements == own + own)
        #expect(key.numbers == own.map(Double.init))
    }

    @Test func oneSeedOfManyIsFound() throws {
        let keys = (0..<50).map { key($0) }
        let set = KeySet(keys)
        var noise = Tensor(normal: shape.tensorShape(), seed: 3)
        keys[17].embed(into: &noise)
        let other = Tensor(normal: shape.tensorShape(), seed: 4)
        // Half mark, half noise.
        let mixed = Tensor(zip(noise.elements, other.elements).map { $0 + $1 }, shape: noise.shape)
        let matches = try set.match(mixed, twoSided: false)
        #expect(matches[17].agreement > 0.5)
        let limit = log(1 / 0x1p32)
        #expect(matches[17].logPValue == limit, "as small as so many seeds allow, and no smaller")
        for match in matches where match.key != 17 { #expect(try #require(match.log10PValue) > -5) }
    }

    /// The processor's generator takes 32 bits of any seed: a longer one makes the noise of a short one.
    @Test func aLongSeedIsOneOfManyOnlyWhereTheGeneratorTakesAllOfIt() {
        #expect(key((1 << 40) + 7).numbers == key(7).numbers)
        #expect(key((1 << 40) + 7).smallestPValue == 0x1p-32)
        let gpu = TorchNumbers.Device.cuda(threads: 1 << 20)
        #expect(key((1 << 40) + 7, gpu).numbers != key(7, gpu).numbers)
        #expect(key((1 << 40) + 7, gpu).smallestPValue == 0x1p-64)
        #expect(key(7, gpu).smallestPValue == 0x1p-32)
    }

    /// P(p ≤ x) over seeds, whatever the latent shows.
    @Test func pIsUniformOverSeeds() throws {
        let reader = SeedReader(shape)
        var random = NormalStream(seed: 8)
        let white = Tensor(random.next(shape.count).map { Float($0) }, shape: shape.tensorShape())
        let boxes = Tensor((0..<shape.count).map { $0 / 3 % 7 < 3 ? 1 : -0.5 }, shape: shape.tensorShape())
        for latent in [white, boxes] {
            let reading = try reader.read(latent)
            let pValues = (0..<20_000).map { seed in
                exp(
                    reader.logPValue(
                        agreement: reader.agreement(reading, key(UInt64(seed), .cuda(threads: 1 << 20)).numbers),
                        of: reading, twoSided: false))
            }
            for level in [0.1, 0.01, 0.001] {
                let count = Double(pValues.count { $0 <= level })
                let deviation = (20_000 * level * (1 - level)).squareRoot()
                #expect(abs(count - 20_000 * level) < 4 * deviation, "\(count) of 20000 at \(level)")
            }
        }
    }

    @Test(arguments: [TorchNumbers.Device.cpu, .cuda(threads: 40_960)])
    func readsWhatItWrote(device: TorchNumbers.Device) throws {
        let key = key(.max, device)
        let data = try key.data()
        #expect(try SeedKey(data: data, named: "k") == key)
        #expect(try KeyDocument.decode(SeedlessDocument.self, from: data, named: "k").header.scheme == "seed")
        #expect(!key.details.contains { "\($0.value)".contains("\(UInt64.max)") })
    }

    private struct SeedlessDocument: Decodable {}

    @Test(arguments: [
        ("\"cuda\"", "\"tpu\"", "device"), ("\"threads\" : 40960", "\"threads\" : 0.5", "threads"),
        ("\"threads\" : 40960", "\"threads\" : 1e300", "threads"), ("\"threads\"", "\"thread\"", "device"),
        ("\"float16\"", "\"float8\"", "dtype"), ("\"7\"", "\"-7\"", "seed"), ("\"7\"", "\"8\"", "id"),
        ("\"7\"", "7", "seed"), ("3,", "0,", "latent"), ("14,", "1e9,", "latent"),
    ])
    func refuses(part: String, replacement: String, named member: String) throws {
        let text = try #require(String(data: key(7, .cuda(threads: 40_960)).data(), encoding: .utf8))
        #expect(text.contains(part))
        let data = Data(text.replacingOccurrences(of: part, with: replacement).utf8)
        let error = #expect(throws: InputError.self) { try SeedKey(data: data, named: "k.json") }
        #expect(error?.subject.contains(member) == true || error?.subject == "k.json", "\(String(describing: error))")
    }
}
