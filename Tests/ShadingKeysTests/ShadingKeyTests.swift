import Foundation
import InputErrors
import KeyDocuments
import Marks
import RandomNumbers
import ShadingKeys
import Tensors
import TestSupport
import Testing

@Suite struct ShadingKeyTests {
    private let shape = LatentShape(channels: 4, height: 24, width: 16)

    private func geometry(_ channels: Int = 1, _ rows: Int = 6, _ columns: Int = 4) throws -> ShadingGeometry {
        try ShadingGeometry(
            copies: .init(channels: channels, rows: rows, columns: columns), latentShape: shape, subject: "test",
            as: .invalidSetting)
    }

    private func key(_ text: String? = "hi!", _ geometry: ShadingGeometry, stream: UInt8 = 7) throws -> ShadingKey {
        let secret = try #require(
            Secret(hexadecimal: String(repeating: "5a", count: 31) + String(format: "%02x", stream)))
        let message = text.map { text -> [UInt8] in
            let bits = BitText.bits(text.utf8, count: text.utf8.count * 8)
            return bits + [UInt8](repeating: 0, count: geometry.messageLength - bits.count)
        }
        return ShadingKey(
            name: "k", geometry: geometry, stream: .chaCha20(secret, nonce: [UInt8](0..<12)), message: message)
    }

    /// Marked noise under white noise of a power.
    private func recovered(_ key: ShadingKey, noisePower: Float, seed: UInt64 = 3) throws -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        try key.embed(into: &noise)
        let other = Tensor(normal: shape.tensorShape(), seed: seed + 100)
        return Tensor(
            zip(noise.elements, other.elements).map { $0 + noisePower.squareRoot() * $1 }, shape: noise.shape)
    }

    @Test func bothReadersFindTheMarkAndReadTheMessage() throws {
        let marker = try key("hi!", geometry())
        let latent = try recovered(marker, noisePower: 0.5)
        for (own, expected) in [(marker, true), (try key(nil, geometry()), nil)] as [(ShadingKey, Bool?)] {
            let reader = own.makeReader()
            let reading = try reader.read(latent)
            let match = try #require(try KeySet([own]).match(latent, twoSided: false).first)
            #expect(try #require(match.log10PValue) < -40)
            let payload = try #require(reader.payload(reading, of: own))
            #expect(payload.text == "hi!" && payload.bits == 64 && payload.isExpected == expected)
            #expect(payload.confidence > 0.9 && payload.doubtfulBits == 0)
        }
        let other = try key("hi!", geometry(), stream: 8)
        let miss = try #require(try KeySet([other]).match(latent, twoSided: false).first?.log10PValue)
        #expect(miss > -4)
    }

    /// A message that noise has drowned is called doubtful, and its bits are as often right as its confidence says.
    @Test func confidenceIsWhatItSays() throws {
        let marker = try key("abcdefgh", geometry())
        var (said, right, count) = (0.0, 0.0, 0.0)
        for seed in 0..<40 {
            let latent = try recovered(marker, noisePower: 60, seed: UInt64(seed))
            let read = MessageReading(try marker.makeReader().read(latent), marker)
            said += read.chances.reduce(0, +)
            right += Double(zip(read.bits, marker.message ?? []).count { $0 == $1 })
            count += Double(read.bits.count)
        }
        #expect(abs(said - right) / count < 0.04, "\(said / count) said, \(right / count) right")
        #expect(right / count < 0.9)
    }

    /// Signs that are not repeated cannot contradict each other: nothing says how many of them are right.
    @Test(arguments: [true, false])
    func bitsThatAreNotRepeatedAreAllDoubtful(isKnown: Bool) throws {
        let marker = try key("hi!", geometry(1, 1, 1))
        let own = isKnown ? marker : try key(nil, geometry(1, 1, 1))
        let reader = own.makeReader()
        let payload = try #require(reader.payload(reader.read(recovered(marker, noisePower: 20)), of: own))
        #expect(payload.doubtfulBits == shape.count, "\(payload.doubtfulBits) of \(payload.bits)")
        #expect(payload.confidence < 1e-300)
    }

    /// P(p ≤ x) over key streams, whatever the latent shows, with message and without.
    @Test(arguments: [true, false])
    func pIsUniformOverStreams(isKnown: Bool) throws {
        let geometry = try geometry()
        var random = NormalStream(seed: 8)
        let white = Tensor(random.next(shape.count).map { Float($0) }, shape: shape.tensorShape())
        let boxes = Tensor((0..<shape.count).map { $0 / 5 % 7 < 3 ? 1 : -0.5 }, shape: shape.tensorShape())
        let reader = try key(isKnown ? "x" : nil, geometry).makeReader()
        var bits = SeededGenerator(seed: 4)
        for latent in [white, boxes] {
            let reading = try reader.read(latent)
            let count = 20_000
            let pValues = (0..<count).map { _ -> Double in
                let numbers = (0..<shape.count / 64).flatMap { _ -> [Double] in
                    let word = bits.next()
                    return (0..<64).map { word >> UInt64($0) & 1 == 0 ? 1 : -1 }
                }
                return exp(
                    reader.logPValue(agreement: reader.agreement(reading, numbers), of: reading, twoSided: false))
            }
            // A p-value of whole numbers takes some values only: at each of them it holds with equality.
            for level in [0.1, 0.01, 0.001] {
                let attained = pValues.filter { $0 <= level }.max() ?? level
                let found = Double(pValues.count { $0 <= attained })
                let deviation = (Double(count) * attained).squareRoot()
                #expect(abs(found - Double(count) * attained) < 4 * deviation, "\(found) of \(count) at \(attained)")
                #expect(attained > level / 3)
            }
        }
    }

    /// An image that carries another message under the same stream agrees with the key, and is none of its.
    @Test func anotherMessageOfTheStreamIsNoMatch() throws {
        let (marker, other) = (try key("user7!", geometry()), try key("user8!", geometry()))
        for power in [Float(0.5), 5] {
            let latent = try recovered(marker, noisePower: power)
            let own = try #require(try KeySet([marker]).match(latent, twoSided: false).first)
            #expect(own.otherMessage == nil && (own.log10PValue ?? 0) < -20)
            let match = try #require(try KeySet([other]).match(latent, twoSided: false).first)
            #expect(match.log10PValue == 0 && match.otherMessage != nil)
            #expect(power > 1 || match.otherMessage?.text == "user7!")
        }
        // So much noise that a bit may be wrong: a message that differs in four says nothing for sure.
        let drowned = try recovered(marker, noisePower: 150)
        for key in [marker, other] {
            #expect(try KeySet([key]).match(drowned, twoSided: false).first?.otherMessage == nil)
        }
    }

    @Test func aMessageThatIsNotRepeatedCannotBeTested() throws {
        let key = try key(nil, geometry(1, 1, 1))
        #expect(key.reasonWithoutExactPValue?.contains("repeated") == true)
        #expect(try self.key("x", geometry(1, 1, 1)).reasonWithoutExactPValue == nil)
    }

    @Test func aKeyWithoutMessageCannotMark() throws {
        var noise = Tensor(normal: shape.tensorShape(), seed: 3)
        #expect(throws: InputError.self) { try key(nil, geometry()).embed(into: &noise) }
    }

    /// A median p-value is that of marks with so much noise.
    @Test(arguments: [true, false], [0.05, 0.5])
    func reachIsWhatMarksHave(isKnown: Bool, ratio: Double) throws {
        let (marker, geometry) = (try key("hi!", geometry()), try geometry())
        let own = try key(isKnown ? "hi!" : nil, geometry)
        let reader = own.makeReader()
        let readings = try (0..<31).map {
            try reader.read(recovered(marker, noisePower: Float(1 / ratio), seed: UInt64($0)))
        }
        let agreements = readings.map { reader.agreement($0, own.numbers) }
        let logs = zip(readings, agreements).map {
            reader.logPValue(agreement: $1, of: $0, twoSided: false) / log(10)
        }.sorted()
        let median = reader.log10MedianPValue(of: own.numbers, signalToNoise: ratio)
        // Evening out white noise costs a little.
        #expect(abs(logs[15] - median) < max(0.8, 0.16 * abs(median)), "\(logs[15]), foretold \(median)")
        let measured = agreements.map { reader.signalToNoise(of: own.numbers, agreement: $0) }.sorted()[15]
        #expect(measured > 0.5 * ratio && measured < 1.6 * ratio)
    }

    @Test func readsWhatItWrote() throws {
        let pad = ShadingKey(
            name: "p", geometry: try geometry(2, 3, 2), stream: .pad((0..<shape.count).map { UInt8($0 % 3 & 1) }),
            message: nil)
        for key in [try key("hi!", geometry()), try key(nil, geometry(4, 2, 1)), pad] {
            #expect(try ShadingKey(data: key.data(), named: "k") == key)
        }
    }

    @Test(arguments: [
        ("\"copies\" : [\n    1,", "\"copies\" : [\n    3,", "copies"), ("\"nonce\"", "\"once\"", "k.json"),
        ("000102030405060708090a0b", "0001020304", "nonce"),
        ("000102030405060708090a0b", "0001020304050607080900gg", "nonce"),
        ("5a5a07\"", "5a5a08\"", "id"), ("686921", "686922", "id"), ("6869210000000000", "68692100000000", "message"),
        ("24,", "1e6,", "latent"),
    ])
    func refuses(part: String, replacement: String, named member: String) throws {
        let text = try #require(String(data: key("hi!", geometry()).data(), encoding: .utf8))
        #expect(text.contains(part), "\(text)")
        let data = Data(text.replacingOccurrences(of: part, with: replacement).utf8)
        let error = #expect(throws: InputError.self) { try ShadingKey(data: data, named: "k.json") }
        #expect(error?.subject.contains(member) == true, "\(String(describing: error))")
    }
}
