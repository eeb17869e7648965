import Cryptography
import Foundation
import KeyDocuments
import RingKeys
import TestSupport
import Testing

@Suite struct SecretTests {
    private struct Case: Decodable {
        let secret: String
        let canonical: String
        let id: String
        let key: String
        let stream: String
        let normals: [Double]
    }

    /// Every stage of the derivation against an independent implementation.
    @Test func derivationMatchesPython() throws {
        let cases = try NativeFixtures.decode([Case].self, "derivation.json")
        let keys = try NativeFixtures.decode([NativeFixtures.Geometry].self, "derivation.json").map { try $0.key() }
        #expect(cases.count == 6)
        for (golden, key) in zip(cases, keys) {
            let secret = try #require(Secret(hexadecimal: golden.secret))
            #expect(key.geometry.canonicalText == golden.canonical)
            #expect(key.id == golden.id)
            let derived = secret.derivedKey(context: golden.canonical)
            #expect(derived.withUnsafeBytes(\.hexadecimal) == golden.key)
            #expect(Sodium.chaCha20(80, key: derived).withUnsafeBytes(\.hexadecimal) == golden.stream)
            // The logarithm, sine and cosine of two mathematical libraries: a few units in the last place.
            expectClose(secret.normals(9, context: golden.canonical), golden.normals, absolute: 1e-14)
            let numbers = key.numbers.prefix(9)
            expectClose(numbers, golden.normals.prefix(numbers.count), absolute: 1e-14)
        }
    }

    @Test func fewerNumbersAreABeginningOfMore() throws {
        let secret = try #require(Secret(hexadecimal: String(repeating: "5a", count: 32)))
        #expect(secret.normals(7, context: "x") == Array(secret.normals(100, context: "x").prefix(7)))
        #expect(secret.normals(7, context: "x") != secret.normals(7, context: "y"))
        #expect(secret.normals(0, context: "x").isEmpty)
    }

    @Test func randomSecretsDifferAndReadBack() throws {
        let secrets = (0..<100).map { _ in Secret.random() }
        #expect(Set(secrets.map(\.hexadecimal)).count == 100)
        for secret in secrets { #expect(Secret(hexadecimal: secret.hexadecimal) == secret) }
    }

    /// Comparing looks at the bytes.
    @Test func equalSecrets() throws {
        let digits = String(repeating: "5a", count: 32)
        let one = try #require(Secret(hexadecimal: digits))
        #expect(try one == #require(Secret(hexadecimal: digits)))
        #expect(try one != #require(Secret(hexadecimal: String(digits.dropLast()) + "b")))
    }

    /// What is written has the digits in their place and reads back, whatever the name is.
    @Test func documentsHoldTheDigits() throws {
        let secret = Secret.random()
        let zeros = String(repeating: "0", count: 64)
        for name in ["k", zeros, "\"secret\" : \"\(zeros)\"", "\u{301}"] {
            let key = RingKey(name: name, geometry: try NativeFixtures.key(.ring).geometry, secret: secret)
            let data = try key.data()
            #expect(String(decoding: data, as: UTF8.self).contains("\"secret\" : \"\(secret.hexadecimal)\""))
            #expect(try RingKey(data: data, named: "k") == key)
        }
    }

    /// Which of two would count differs from reader to reader.
    @Test func twoSecretsAreNone() throws {
        let key = try NativeFixtures.key(.ring)
        let text = String(decoding: try key.data(), as: UTF8.self)
        let twice = text.replacing("{", with: "{\"secret\":\"\(String(repeating: "1", count: 64))\",")
        #expect(refusalCode { try RingKey(data: Data(twice.utf8), named: "k") } == .keyDocument)
    }

    @Test(arguments: [
        "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "g", count: 64), String(repeating: "0", count: 63) + " ",
        String(repeating: "\u{FF10}", count: 64), "0x" + String(repeating: "0", count: 62),
    ])
    func refusesWhatIsNo64Digits(text: String) { #expect(Secret(hexadecimal: text) == nil) }

    @Test func readsUpperCase() throws {
        let secret = try #require(Secret(hexadecimal: String(repeating: "AB", count: 32)))
        #expect(secret.hexadecimal == String(repeating: "ab", count: 32))
    }

    /// Neither interpolation nor dump nor a key's own description shows the secret.
    @Test func printingShowsNothing() throws {
        let digits = "c0ffee" + String(repeating: "77", count: 29)
        let secret = try #require(Secret(hexadecimal: digits))
        let key = RingKey(name: "k", geometry: try NativeFixtures.key(.ring).geometry, secret: secret)
        var dumped = ""
        dump(key, to: &dumped)
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("119"), "bytes of 0x77 in \(text)")
            #expect(!text.contains("7777"))
        }
    }
}
