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
        let secret = try #require(Secret(hexadecimal: digits(stream)))
        return PRCKey(name: "k", geometry: geometry, secret: secret, message: isKnown ? message : nil)
    }

    private func digits(_ stream: Int) -> String { String(repeating: "5a", count: 30) + String(format: "%04x", stream) }

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

    /// The p-value is a chance over pads, which messages share: a mark of another message is no match.
    @Test func anotherMessageIsNoMatch() throws {
        let latent = try recovered(key(geometry()), correlation: 0.8)
        let other = PRCKey(
            name: "o", geometry: try geometry(), secret: try #require(Secret(hexadecimal: digits(7))),
            message: message.map { 1 - $0 })
        let match = try #require(try KeySet([other]).match(latent, twoSided: false).first)
        #expect(match.log10PValue == 0 && match.otherMessage?.text == "hi!")
    }

    /// Each mark has bits and errors of its own; the same noise is marked the same way.
    @Test func marksDifferWithTheirNoise() throws {
        let key = try key(geometry())
        var noise = Tensor(normal: shape.tensorShape(batch: 3), seed: 9)
        noise.withUnsafeMutableBufferPointer { elements in
            for index in 0..<shape.count { elements[2 * shape.count + index] = elements[index] }
        }
        let magnitudes = noise.elements.map(abs)
        try key.embed(into: &noise)
        #expect(noise.elements.map(abs) == magnitudes)
        let items = (0..<3).map { item in noise.elements[item * shape.count..<(item + 1) * shape.count].map { $0 > 0 } }
        #expect(items[0] == items[2])
        let agreeing = zip(items[0], items[1]).count { $0 == $1 }
        #expect(abs(agreeing - shape.count / 2) < 5 * Int(Double(shape.count).squareRoot() / 2))
    }

    @Test func aKeyWithoutMessageCannotMark() throws {
        var noise = Tensor(normal: shape.tensorShape(), seed: 9)
        let error = #expect(throws: InputError.self) { try key(geometry(), isKnown: false).embed(into: &noise) }
        #expect(error?.code == .keyMismatch)
    }

    /// What ratios are called is what marks of them have.
    @Test func theRatioIsFoundBackFromItsMarks() throws {
        let key = try key(geometry())
        let (reader, numbers) = (key.makeReader(), key.numbers)
        #expect(reader.log10MedianPValue(of: numbers, signalToNoise: 0) > -1)
        let median = reader.log10MedianPValue(of: numbers, signalToNoise: 1)
        let whole = reader.logPValue(agreement: 1, of: [], twoSided: false) / log(10)
        let ratio = reader.signalToNoise(of: numbers, agreement: median / whole)
        // Three seeded marks: their median has a tenth of its own.
        #expect(median < -100 && abs(ratio - 1) < 0.15, "\(median): \(ratio)")
        #expect(reader.signalToNoise(of: numbers, agreement: 0) == 0)
    }

    @Test(arguments: [
        ("\"check_weight\" : 3", "\"check_weight\" : 1", "check weight"),
        ("\"check_weight\" : 3", "\"check_weight\" : 2.5", "whole numbers"),
        ("\"message_bits\" : 32", "\"message_bits\" : 100000", "message bits"),
        ("\"message_bits\" : 32", "\"message_bits\" : 40", "message"),
        ("\"message_bits\" : 32", "\"message_bits\" : 2000", "elements for so long"),
        ("\"test_bits\" : 30", "\"test_bits\" : -1", "test bits"),
        ("\"secret\"", "\"other\"", "one of secret, seeds and arrays"),
        ("\"message\" : \"68", "\"message\" : \"69", "fingerprint"),
    ])
    func refuses(part: String, replacement: String, named: String) throws {
        let document = String(decoding: try key(geometry()).data(), as: UTF8.self)
        #expect(document.contains(part))
        let changed = document.replacingOccurrences(of: part, with: replacement)
        let error = try #require(
            #expect(throws: InputError.self) { try PRCKey(data: Data(changed.utf8), named: "k.json") })
        #expect(error.code == .keyDocument && error.description.contains(named), "\(error)")
    }
}
