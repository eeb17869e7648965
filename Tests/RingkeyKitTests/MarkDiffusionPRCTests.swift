import Cryptography
import Foundation
import InputErrors
import PRCKeys
import RingkeyKit
import Tensors
import TestSupport
import Testing

/// Configurations of PRC against MarkDiffusion's own class (Tests/Fixtures/PRCKeys/make_prc.py).
@Suite struct MarkDiffusionPRCTests {
    private struct Golden {
        let configuration: [String: Any]
        let shape: LatentShape
        let content: [String: Any]

        func text(_ member: String) throws -> String { try #require(content[member] as? String) }
        func bits(_ member: String) throws -> [UInt8] { try text(member).utf8.map { $0 - UInt8(ascii: "0") } }
        func numbers(_ member: String) throws -> [Int] { try #require(content[member] as? [Int]) }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func cases() throws -> [Golden] {
        let cases = try JSONSerialization.jsonObject(with: Data(contentsOf: Fixtures.url("PRCKeys/prc.json")))
        return try #require(cases as? [[String: Any]]).map { content in
            let shape = try #require(content["shape"] as? [Int])
            return Golden(
                configuration: try #require(content["configuration"] as? [String: Any]),
                shape: LatentShape(channels: shape[0], height: shape[1], width: shape[2]), content: content)
        }
    }

    private func key(_ configuration: [String: Any], _ shape: LatentShape) throws -> PRCKey {
        let path = try folder.write("PRC.json", JSONSerialization.data(withJSONObject: configuration))
        let context = ImportContext(device: .cpu, precision: .float32, latentShape: shape, name: "prc")
        return try #require(try MarkDiffusionConfiguration(contentsOf: path).key(context) as? PRCKey)
    }

    private func digest(_ text: String) -> String { SHA256.hash(Array(text.utf8)).hexadecimal }

    @Test func codesAndMarksAreMarkDiffusions() throws {
        let cases = try cases()
        #expect(cases.count == 6)
        for golden in cases {
            let key = try key(golden.configuration, golden.shape)
            let (code, weight) = (key.code, key.geometry.checkWeight)
            #expect(key.geometry.freshBits == golden.content["fresh"] as? Int)
            // Both are 1 - 2^(-1/g).
            #expect(abs(key.geometry.errorRate - (golden.content["noise_rate"] as? Double ?? 0)) < 1e-12)
            let checks = stride(from: 0, to: code.checks.count, by: weight).flatMap {
                code.checks[$0..<$0 + weight].sorted().map(Int.init)
            }
            #expect(checks.count / weight == golden.content["checks"] as? Int)
            #expect(try Array(checks.prefix(5 * weight)) == golden.numbers("first_checks"))
            #expect(try Array(checks.suffix(5 * weight)) == golden.numbers("last_checks"))
            #expect(try digest(checks.map(String.init).joined(separator: ",")) == golden.text("all_checks"))
            #expect(try digest(code.generatorBits.map(String.init).joined()) == golden.text("generator"))
            #expect(try code.pad == golden.bits("pad") && code.testBits == golden.bits("test"))
            var noise = Tensor(normal: golden.shape.tensorShape(batch: 2), seed: 5)
            let magnitudes = noise.elements.map(abs)
            try key.embed(into: &noise)
            #expect(noise.elements.map(abs) == magnitudes)
            let signs = try golden.bits("signs")
            #expect(noise.elements.map { $0 > 0 ? 1 : 0 } == signs + signs)
            #expect(key.smallestPValue == 0x1p-64)
            #expect(try PRCKey(data: key.data(), named: "k") == key)
        }
    }

    @Test func theMessageIsReadOutOfMarkDiffusionsMark() throws {
        let golden = try cases()[4]
        let key = try key(golden.configuration, golden.shape)
        var noise = Tensor(normal: golden.shape.tensorShape(), seed: 5)
        try key.embed(into: &noise)
        let reader = key.makeReader()
        let payload = try #require(reader.payload(reader.read(noise), of: key))
        #expect(payload.text == "Hello, World!" && payload.isExpected == true && payload.confidence > 0.999)
    }

    @Test(arguments: [
        ("prc_t", 1.0 as any Sendable), ("prc_t", 2.5), ("fpr", 0.0), ("fpr", 2.0), ("message", ""), ("message", "語"),
        ("message", String(repeating: "x", count: 300)),
    ])
    func whatIsNoCodeIsRefused(member: String, value: any Sendable) throws {
        var golden = try cases()[0]
        golden = Golden(
            configuration: golden.configuration.merging([member: value]) { $1 }, shape: golden.shape,
            content: golden.content)
        let error = #expect(throws: InputError.self) { try key(golden.configuration, golden.shape) }
        #expect(error?.code == .keyDocument)
    }

    @Test func seedsBeyondNumPysAreRefused() throws {
        let golden = try cases()[0]
        var configuration = golden.configuration
        var keygen = try #require(configuration["keygen"] as? [String: Any])
        keygen["indice_seed"] = 4_294_967_296
        configuration["keygen"] = keygen
        let error = #expect(throws: InputError.self) { try key(configuration, golden.shape) }
        #expect(error?.code == .keyDocument && error?.expected.contains("2^32") == true)
    }

    /// The same code as arrays: its checks may lie in another order.
    @Test func arraysAreTheCodeTheyWereWrittenOf() throws {
        let golden = try cases()[0]
        let seeded = try key(golden.configuration, golden.shape)
        let arrays = try PRCArrays(contentsOf: Fixtures.url("PRCKeys/arrays.npz").path)
        let key = try arrays.key(name: "arrays", latentShape: golden.shape) { count in
            #expect(count == 16)
            return nil
        }
        #expect(key.code.generatorBits == seeded.code.generatorBits && key.code.pad == seeded.code.pad)
        #expect(key.code.testBits == seeded.code.testBits && key.smallestPValue == 0)
        #expect(try PRCKey(data: key.data(), named: "k") == key)
        var noise = Tensor(normal: golden.shape.tensorShape(), seed: 5)
        try seeded.embed(into: &noise)
        let reader = key.makeReader()
        let payload = try #require(reader.payload(reader.read(noise), of: key))
        #expect(payload.text == "Hi" && payload.isExpected == nil)
        let error = #expect(throws: InputError.self) { try key.embed(into: &noise) }
        #expect(error?.code == .keyMismatch)
        let other = LatentShape(channels: 4, height: 16, width: 8)
        #expect(throws: InputError.self) { try arrays.key(name: "k", latentShape: other) { _ in nil } }
        #expect(throws: InputError.self) { try PRCArrays(contentsOf: Fixtures.url("PRCKeys/prc.json").path) }
    }
}
