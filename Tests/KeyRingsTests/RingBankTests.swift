import Foundation
import KeyRings
import Marks
import RandomNumbers
import Registration
import RingKeys
import Tensors
import TestSupport
import Testing

/// Keys of a ring in a set: found where they are, with p-values that hold.
@Suite struct RingBankTests {
    private static let shape = Rings.shape

    private func marked(_ key: any MarkKey, seed: UInt64, noise: Float = 1) throws -> Tensor {
        var latent = Tensor(normal: Self.shape.tensorShape(), seed: seed)
        try key.embed(into: &latent)
        let other = Tensor(normal: Self.shape.tensorShape(), seed: seed + 1000)
        return Tensor(zip(latent.elements, other.elements).map { $0 + noise * $1 }, shape: latent.shape)
    }

    /// What images of a ring have in common beside their keys is no pilot: two of its images are apart there.
    @Test(arguments: [[0], []]) func aPilotIsNoPartOfWhatIsFree(_ pilot: [Int]) throws {
        let ring = try Rings.ring(4, labels: 20, pilot: pilot)
        let set = KeySet([], banks: [try ring.bankInMemory()])
        let cosines = try (0..<12).map { number -> Double in
            let parts = try [number, number + 1].map { label -> [Double] in
                let latent = try marked(ring.key(of: "customer-\(label)"), seed: UInt64(label), noise: 0)
                let free = try #require(set.free(latent, besides: label, isEvened: false))
                // Every channel of the ring's keys is without its disc, the pilot's too.
                let disc = try #require(ring.key(of: "customer-0").makeReader().free(latent, isEvened: false))
                #expect(free.dimension == disc.dimension)
                return free.values.elements.map(Double.init)
            }
            return cosine(parts[0], parts[1])
        }
        let mean = cosines.reduce(0, +) / 12
        #expect(abs(mean) < 5 / Double(12 * Self.shape.count / 2).squareRoot(), "\(mean)")
    }

    @Test(arguments: [[0], []]) func theKeyOfAMarkIsTheBest(_ pilot: [Int]) throws {
        let ring = try Rings.ring(9, labels: 400, pilot: pilot)
        let single = RingKey(
            name: "single",
            geometry: try KeyGeometry(pattern: .spread, radius: 6, channels: [1], latentShape: Self.shape))
        let set = KeySet([single], banks: [try ring.bankInMemory()])
        #expect(set.count == 401 + (pilot.isEmpty ? 0 : 1))
        let noises = try [3, 399, 0].map { try marked(ring.key(of: "customer-\($0)"), seed: UInt64($0)) }
        let matches = try set.match(noises, twoSided: false)
        for (place, matches) in zip([3, 399, 0], matches) {
            #expect(matches[0].key == 0, "single keys come first")
            #expect(set.identity(of: matches[1].key).name == "customer-\(place)")
            #expect(matches[1].key == 1 + place)
            #expect(try #require(matches[1].logPValue) < log(1e-20))
            #expect(try #require(matches[2].logPValue) > log(1e-6))
            #expect(matches.count == (pilot.isEmpty ? 4 : 5))
            if !pilot.isEmpty {
                #expect(set.isPilot(matches[4].key) && set.identity(of: matches[4].key).pattern == "pilot")
                #expect(try #require(matches[4].logPValue) < log(1e-10), "some key of the ring")
            }
        }
        // The exact p-value of the winner is that of its full numbers.
        let alone = try KeySet([ring.ownKey(at: 3)]).match(noises[0], twoSided: false)[0]
        #expect(alone.logPValue == matches[0][1].logPValue && alone.agreement == matches[0][1].agreement)
        // Batches and single latents give the same.
        let one = try set.match(noises[1], twoSided: false)
        #expect(one.map(\.key) == matches[1].map(\.key) && one.map(\.logPValue) == matches[1].map(\.logPValue))
    }

    /// Where a picture was moved the pilot finds it, and the key is told by its own numbers there.
    @Test func aMovedMarkIsFoundByThePilot() throws {
        let ring = try Rings.ring(10, labels: 300)
        let set = KeySet([], banks: [try ring.bankInMemory()], searching: .upright)
        #expect(set.isSearched)
        let noise = try marked(ring.key(of: "customer-42"), seed: 5, noise: 0.3)
        // A shift by four columns and two rows; the edge repeats.
        let (height, width) = (Self.shape.height, Self.shape.width)
        let moved = Tensor(
            (0..<Self.shape.count).map { index in
                let (c, y, x) = (index / Self.shape.planeCount, index % Self.shape.planeCount / width, index % width)
                return noise.elements[c * Self.shape.planeCount + max(0, y - 2) * width + max(0, x - 4)]
            }, shape: noise.shape)
        #expect(height > 2)
        let plain = try set.match(moved, twoSided: false)
        #expect(try #require(plain[0].logPValue) > log(1e-12))
        let found = try set.search(moved, frame: ObservedFrame(), twoSided: false)
        #expect(set.identity(of: found[0].key).name == "customer-42")
        let corrected = try #require(found[0].log10Corrected(hypotheses: Double(set.count) * found[0].tries))
        #expect(corrected < -6, "\(corrected)")
        #expect(found[0].tries == 4)
        let pilot = try #require(found.last)
        #expect(set.isPilot(pilot.key) && pilot.tries > 1000)
        // Without a pilot there is no search.
        let without = KeySet([], banks: [try Rings.ring(10, labels: 3, pilot: []).bankInMemory()], searching: .upright)
        #expect(!without.isSearched)
        #expect(try without.search(moved, frame: ObservedFrame(), twoSided: false).isEmpty)
    }

    /// White, 1/f-like and boxes, each with the pilot of the ring but no key of it: what is read in the pilot's places says
    /// nothing of any key.
    @Test(arguments: ["white", "smooth", "boxes"]) func pHoldsInThePlacesOfThePilot(_ kind: String) throws {
        var counts = [0.1: 0, 0.01: 0, 0.001: 0]
        var all = 0
        for seed in UInt8(20)..<32 {
            let ring = try Rings.ring(seed, labels: 150)
            var latent = Tensor(normal: Self.shape.tensorShape(), seed: UInt64(seed))
            ring.pilot?.embed(into: &latent)
            let width = Self.shape.width
            latent = Tensor(
                latent.elements.enumerated().map { index, value in
                    switch kind {
                    case "smooth": 0.3 * value + sin(Float(index % width) / 5)
                    case "boxes": 0.3 * value + (index % width > 7 && index / width % Self.shape.height < 9 ? 1 : -1)
                    default: value
                    }
                }, shape: latent.shape)
            let bank = try ring.bankInMemory()
            let search = try #require(bank.makeSearch(.upright))
            let look = try search.look(in: latent, frame: ObservedFrame(), twoSided: false)
            let reader = bank.makeReader()
            #expect(!look.places.isEmpty)
            for place in 0..<ring.count {
                let numbers = ring.ownKey(at: place).numbers
                for sighting in look.places {
                    let p = exp(
                        reader.logPValue(
                            agreement: reader.agreement(sighting.reading, numbers), of: sighting.reading,
                            twoSided: false))
                    all += 1
                    for level in counts.keys where p <= level { counts[level, default: 0] += 1 }
                }
            }
        }
        for (level, count) in counts {
            let expected = level * Double(all)
            // Places of one key are near each other: their p-values hang together, at most four to one.
            let deviation = (4 * expected).squareRoot()
            #expect(abs(Double(count) - expected) < 4.5 * deviation, "\(count) of \(all) at \(level) on \(kind)")
        }
    }

    /// The corrected p-value of the best key of fresh rings holds on one latent of any kind.
    @Test func theBestOfManyIsCorrectedForAll() throws {
        let latent = Tensor(normal: Self.shape.tensorShape(), seed: 77)
        var hits = 0
        for seed in UInt8(40)..<UInt8(140) {
            let set = KeySet([], banks: [try Rings.ring(seed, labels: 60).bankInMemory()])
            let best = try set.match(latent, twoSided: false)[0]
            if try #require(best.log10Corrected(hypotheses: Double(set.count))) <= log10(0.2) { hits += 1 }
        }
        // Šidák: 1 - (1 - 0.2/61)^60 = 17.9 %.
        #expect((6...31).contains(hits), "\(hits) of 100")
    }
}
