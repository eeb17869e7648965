import Foundation
import InputErrors
import KeyDocuments
import KeyRings
import Marks
import RingKeys
import Tensors
import TestSupport
import Testing

/// Keys derived from a ring against those that `Tests/Fixtures/KeyRings/make_keyring.py` derived.
@Suite struct DerivationTests {
    private struct Golden: Decodable {
        struct Key: Decodable {
            let label: String
            let owner: String?
            let secret: String
            let id: String
            let numbers: [Double]
        }

        let id: String
        let pilotSecret: String
        let pilotNumbers: [Double]
        let keys: [Key]

        enum CodingKeys: String, CodingKey {
            case id, keys
            case pilotSecret = "pilot_secret"
            case pilotNumbers = "pilot_numbers"
        }
    }

    private static func golden() throws -> (ring: KeyRing, golden: Golden) {
        let data = try Data(contentsOf: Fixtures.url("KeyRings/keyring.ring"))
        let golden = try Data(contentsOf: Fixtures.url("KeyRings/keyring.json"))
        return (try KeyRing(data: data, named: "golden"), try JSONDecoder().decode(Golden.self, from: golden))
    }

    private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
        a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }

    @Test func keysAreThoseOfThePage() throws {
        let (ring, golden) = try Self.golden()
        #expect(ring.id == golden.id && ring.count == 3)
        let pilot = try #require(ring.pilot)
        #expect(largestDifference(pilot.numbers, golden.pilotNumbers) < 1e-12)
        let bank = try ring.bankInMemory()
        for (place, key) in golden.keys.enumerated() {
            let (label, owner) = ring.label(at: place)
            #expect(label == key.label && owner == key.owner)
            #expect(
                ring.identity(at: place)
                    == KeyIdentity(
                        id: key.id, name: key.label, pattern: "spread+pilot", owner: key.owner))
            #expect(largestDifference(bank.key(at: place).numbers, key.numbers) < 1e-12)
            let document = try #require(String(data: try ring.key(of: label).data(), encoding: .utf8))
            #expect(document.contains(key.secret) && document.contains(golden.pilotSecret))
        }
        #expect(ring.revocations == ["customer-1b": "2026-02-01T12:00:00Z"])
        #expect(bank.revocation(of: ring.identity(at: 1)) == "2026-02-01T12:00:00Z")
        #expect(bank.revocation(of: ring.identity(at: 0)) == nil)
        // A stranger's key of the same name was not revoked.
        #expect(bank.revocation(of: KeyIdentity(id: "0123456789abcdef", name: "customer-1b", pattern: "spread")) == nil)
    }

    @Test func thePageHasTheVectors() throws {
        let page = try String(
            contentsOf: Fixtures.repository.appendingPathComponent("docs/keyring.md"), encoding: .utf8)
        let golden = try Self.golden().golden
        for text in [golden.id, golden.pilotSecret, golden.keys[0].secret, golden.keys[0].id, golden.keys[2].secret] {
            #expect(page.contains("`\(text)`"), "\(text) is not in docs/keyring.md")
        }
    }

    /// A derived key is a key file like any other.
    @Test(arguments: [[0], [2, 3], []]) func aDerivedKeyStandsAlone(_ pilot: [Int]) throws {
        let ring = try Rings.ring(3, labels: 2, pilot: pilot)
        let key = ring.key(of: "customer-1")
        let again: any MarkKey =
            pilot.isEmpty
            ? try RingKey(data: key.data(), named: "file") : try PilotedKey(data: key.data(), named: "file")
        #expect(again.identity == key.identity && again.numbers == key.numbers && again.family == key.family)
        var noise = Tensor(normal: Rings.shape.tensorShape(), seed: 1)
        try again.embed(into: &noise)
        let set = KeySet([again, ring.key(of: "customer-0")])
        let matches = try set.match(noise, twoSided: false)
        #expect(
            matches[0].agreement > 0.95,
            "both parts are embedded, but for what evening the noise out takes: \(matches[0].agreement)")
        // Keys of a ring share the pilot, and no more.
        let share = Double(pilot.count) / Double(Rings.shape.channels)
        #expect(abs(matches[1].agreement - share) < 0.12, "\(matches[1].agreement) of \(share)")
    }

    @Test func filesThatAreNone() throws {
        let key = try #require(try Rings.ring(3, labels: 1).key(of: "a") as? PilotedKey)
        let text = try #require(String(data: key.data(), encoding: .utf8))
        func refusal(_ old: String, _ new: String) throws -> InputError? {
            #expect(text.contains(old), "\(old) in \(text)")
            do {
                _ = try PilotedKey(data: Data(text.replacing(old, with: new).utf8), named: "file")
                return nil
            } catch let error as InputError { return error }
        }
        #expect(try refusal("\"radius\" : 6", "\"radius\" : 5")?.subject == "file: id")
        #expect(try refusal("\"radius\" : 6", "\"radius\" : 99")?.code == .keyDocument)
        #expect(try refusal("\"pilot_secret\" : \"", "\"pilot_secret\" : \"0")?.subject == "file: pilot_secret")
        let channels = try #require(text.range(of: #""pilot_channels" : \[\s*0\s*\]"#, options: .regularExpression))
        for wrong in ["[]", "[7]", "[0, 0]", "[0.5]", "[0, 1, 2, 3]"] {
            let changed = text.replacingCharacters(in: channels, with: "\"pilot_channels\" : \(wrong)")
            #expect(throws: InputError.self) { try PilotedKey(data: Data(changed.utf8), named: "file") }
        }
    }
}
