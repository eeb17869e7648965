import Foundation
import InputErrors
import KeyDocuments
import Marks
import PRCKeys
import RandomNumbers
import Tensors
import TestSupport
import Testing

@Suite struct PRCKeyTests {
    private let shape = LatentShape(channels: 4, height: 32, width: 24)

    private func geometry(_ weight: Int = 3, messageBits: Int = 32) throws -> PRCGeometry {
        try PRCGeometry(
            latentShape: shape, checkWeight: weight, messageBits: messageBits, testBits: 30, subject: "test",
            as: .invalidSetting)
    }

    private let message: [UInt8] = (0..<32).map { [0x68, 0x69, 0x21, 0][$0 / 8] >> UInt8(7 - $0 % 8) & 1 }

    private func key(_ geometry: PRCGeometry, stream: Int = 7, isKnown: Bool = true) throws -> PRCKey {
        let secret = try #require(
            Secret(hexadecimal: String(repeating: "5a", count: 30) + String(format: "%04x", stream)))
        return PRCKey(name: "k", geometry: geometry, secret: secret, message: isKnown ? message : nil)
    }

    /// Marked noise under white noise, of a correlation with the mark.
    private func recovered(_ key: PRCKey, correlation: Float, seed: UInt64 = 3) throws -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        try key.embed(into: &noise)
        let other = Tensor(normal: shape.tensorShape(), seed: seed + 1000)
        let rest = (1 - correlation * correlation).squareRoot()
        return Tensor(
            zip(noise.elements, other.elements).map { correlation * $0 + rest * $1 }, shape: noise.shape)
    }

    @Test func theMarkIsFoundAndItsMessageRead() throws {
        let marker = try key(geometry())
        let latent = try recovered(marker, correlation: 0.7)
        for (own, expected) in [(marker, true), (try key(geometry(), isKnown: false), nil)] as [(PRCKey, Bool?)] {
            let reader = own.makeReader()
            let match = try #require(try KeySet([own]).match(latent, twoSided: false).first)
            #expect(try #require(match.log10PValue) < -60)
            let payload = try #require(reader.payload(reader.read(latent), of: own))
            #expect(payload.text == "hi!" && payload.bits == 32 && payload.isExpected == expected)
            #expect(payload.confidence > 0.99 && payload.doubtfulBits == 0)
        }
        let other = try key(geometry(), stream: 8)
        let miss = try #require(try KeySet([other]).match(latent, twoSided: false).first?.log10PValue)
        #expect(miss > -4)
    }

    /// Where half of the parities would say nothing a codeword is still found.
    @Test func theCodewordIsFoundInNoise() throws {
        for (isKnown, correlation, bound) in [(true, 0.4, -40.0), (false, 0.5, -70)] as [(Bool, Float, Double)] {
            let own = try key(geometry(), isKnown: isKnown)
            let marker = try key(geometry())
            for seed in 0..<4 {
                let latent = try recovered(marker, correlation: correlation, seed: UInt64(seed))
                let match = try #require(try KeySet([own]).match(latent, twoSided: false).first)
                #expect(try #require(match.log10PValue) < bound, "\(isKnown) \(seed)")
            }
        }
    }
}
