import Foundation
import InputErrors
import RandomNumbers
import RingkeyKit
import ShadingKeys
import Tensors
import TestSupport
import Testing

/// Configurations of Gaussian Shading against MarkDiffusion's own classes (Tests/Fixtures/ShadingKeys/make_shading.py).
@Suite struct MarkDiffusionShadingTests {
    private struct Case: Decodable {
        struct Configuration: Codable {
            var algorithm_name: String
            var channel_copy: Int
            var wm_key: Int
            var hw_copy: Int
            var chacha: Bool
            var chacha_key_seed: Int?
            var chacha_nonce_seed: Int?
            var threshold: Double
        }
        let configuration: Configuration
        let height: Int
        let width: Int
        let message: String
        let signs: String
        let noisy: String
        let votes: String
        let accuracy: Double
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func cases() throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Data(contentsOf: Fixtures.url("ShadingKeys/shading.json")))
    }

    private func key(_ configuration: Case.Configuration, _ height: Int = 16, _ width: Int = 16) throws -> ShadingKey {
        let path = try folder.write("GS.json", JSONEncoder().encode(configuration))
        let context = ImportContext(
            device: .cpu, precision: .float32, latentShape: LatentShape(channels: 4, height: height, width: width),
            name: "gs")
        return try #require(try MarkDiffusionConfiguration(contentsOf: path).key(context) as? ShadingKey)
    }

    private func bits(_ text: String) -> [UInt8] { text.utf8.map { $0 - UInt8(ascii: "0") } }

    @Test func marksAndVotesAreMarkDiffusions() throws {
        let cases = try cases()
        #expect(cases.count == 7)
        for golden in cases {
            let key = try key(golden.configuration, golden.height, golden.width)
            #expect(key.message == bits(golden.message))
            #expect(key.seedBits == (golden.configuration.chacha ? 64 : 32))
            #expect(key.smallestPValue == (golden.configuration.chacha ? 0x1p-64 : 0x1p-32))
            #expect(try ShadingKey(data: key.data(), named: "k") == key)
            #expect(key.numbers == bits(golden.signs).map { $0 == 1 ? 1 : -1 })
            var noise = Tensor(normal: key.latentShape.tensorShape(batch: 2), seed: 5)
            let magnitudes = noise.elements.map(abs)
            try key.embed(into: &noise)
            #expect(noise.elements.map(abs) == magnitudes)
            #expect(noise.elements.map { $0 > 0 ? 1 : 0 } == bits(golden.signs) + bits(golden.signs))
            let read = MessageReading(bits(golden.noisy).map { $0 == 1 ? 1 : -1 }, key)
            #expect(read.bits == bits(golden.votes))
            let right = zip(read.bits, bits(golden.message)).count { $0 == $1 }
            #expect(abs(Double(right) / Double(read.bits.count) - golden.accuracy) < 1e-6)
        }
    }

    /// On a GPU the pad is drawn by the launch after the message's.
    @Test func aGPUsPadFollowsItsMessage() throws {
        let words = TorchNumbers.bits(40, seed: 9, device: .cuda(threads: 64), after: 30)
        let next = (0..<40).map { UInt8(Philox(seed: 9)(SIMD4(1, 0, UInt32($0), 0))[0] & 1) }
        #expect(words == next)
    }

    @Test func aConfigurationWithoutSeedsIsRefused() throws {
        var configuration = try cases()[0].configuration
        configuration.chacha_key_seed = nil
        let error = #expect(throws: InputError.self) { try key(configuration) }
        #expect(error?.expected.contains("chacha_key_seed") == true)
        var other = try cases()[0].configuration
        other.hw_copy = 5
        #expect(throws: InputError.self) { try key(other) }
    }
}
