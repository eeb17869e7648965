import Cryptography
import Foundation
import KeyDocuments
import PRCKeys
import Tensors
import TestSupport
import Testing

/// Codes and marks of secrets against those of a script (Tests/Fixtures/PRCKeys/make_derivation.py).
@Suite struct PRCDerivationTests {
    private struct Golden: Decodable {
        let secret: String
        let shape: [Int]
        let check_weight: Int
        let message: String
        let test_bits: Int
        let fingerprint: String
        let checks: [Int32]
        let pad: String
        let test: String
        let generator: String
        let noise: [Float]
        let signs: String
    }

    private func bits(_ text: String) -> [UInt8] { text.utf8.map { $0 - UInt8(ascii: "0") } }

    @Test func codesAndMarksAreTheDescriptions() throws {
        let cases = try JSONDecoder().decode(
            [Golden].self, from: Data(contentsOf: Fixtures.url("PRCKeys/derivation.json")))
        #expect(cases.count == 2)
        for golden in cases {
            let shape = LatentShape(channels: golden.shape[0], height: golden.shape[1], width: golden.shape[2])
            let geometry = try PRCGeometry(
                latentShape: shape, checkWeight: golden.check_weight, messageBits: golden.message.count,
                testBits: golden.test_bits, subject: "test", as: .invalidSetting)
            let secret = try #require(Secret(hexadecimal: golden.secret))
            let key = PRCKey(name: "k", geometry: geometry, secret: secret, message: bits(golden.message))
            #expect(key.identity.id == golden.fingerprint)
            #expect(key.code.checks == golden.checks)
            #expect(key.code.pad == bits(golden.pad) && key.code.testBits == bits(golden.test))
            let generator = SHA256.hash(Array(key.code.generatorBits.map(String.init).joined().utf8)).hexadecimal
            #expect(generator == golden.generator)
            #expect(key.code.isConsistent && key.code.independentChecks.count == geometry.checkCount)
            var noise = Tensor(golden.noise, shape: shape.tensorShape())
            try key.embed(into: &noise)
            #expect(noise.elements.map { $0 > 0 ? 0 : 1 } == bits(golden.signs))
            #expect(noise.elements.map(abs) == golden.noise.map(abs))
            #expect(try PRCKey(data: key.data(), named: "k") == key)
        }
    }
}
