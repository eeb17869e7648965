import Foundation
import Marks
import Registration
import RingKeys
import Spectra
import Tensors
import Testing

/// P(p·tries ≤ x) ≤ x over keys for the whole search, whatever the latent looks like.
@Suite struct MovedCalibrationTests {
    private static let shape = LatentShape(channels: 3, height: 14, width: 18)

    private static func key(_ seed: UInt64, _ shape: LatentShape = shape, radius: Double = 5) throws -> RingKey {
        try NativeFixtures.key(.spread, radius: radius, channels: [0, 1, 2], shape: shape, seed: seed)
    }

    private static func latent(_ value: (Int, Int, Int) -> Double) -> Tensor {
        Tensor(
            (0..<shape.count).map { index in
                let place = index % shape.planeCount
                return Float(value(index / shape.planeCount, place / shape.width, place % shape.width))
            }, shape: shape.tensorShape())
    }

    /// White, 1/f, boxes in a frame of which a part is masked, stripes, and all but flat.
    private static let latents: [(name: String, latent: Tensor, frame: ObservedFrame)] = {
        let white = Tensor(normal: shape.tensorShape(), seed: 4)
        var pink = Tensor(normal: shape.tensorShape(), seed: 5)
        for _ in 0..<2 {
            let old = pink.elements
            pink = latent { c, y, x in
                let here = c * shape.planeCount + y * shape.width + x
                let right = c * shape.planeCount + y * shape.width + (x + 1) % shape.width
                let below = c * shape.planeCount + (y + 1) % shape.height * shape.width + x
                return Double(old[here] + old[right] + old[below])
            }
        }
        let boxes = latent { c, y, x in
            let isInside = (3..<10).contains(y) && (4..<15).contains(x)
            return (isInside ? 2 : -0.5) + 0.2 * Double((7 * x + 3 * y + c) % 5)
        }
        let mask = Tensor(
            (0..<shape.planeCount).map { $0 / shape.width < 3 ? 0 : $0 % shape.width < 2 ? 0.4 : 1 },
            shape: [1, 1, shape.height, shape.width])
        let stripes = latent { c, y, x in sin(2 * .pi * Double(3 * x + y) / 18) + 0.1 * Double((x * y + c) % 3) }
        let flat = latent { c, y, x in c == 0 && y == 5 && x == 7 ? 1.001 : 1 }
        return [
            ("white", white, ObservedFrame()), ("1/f", pink, ObservedFrame(stretch: 1.5)),
            ("boxes", boxes, ObservedFrame(mask: mask, stretch: 0.7)), ("stripes", stripes, ObservedFrame()),
            ("flat", flat, ObservedFrame()),
        ]
    }()

    @Test(arguments: latents.indices, [false, true]) func pHoldsOverKeys(index: Int, twoSided: Bool) throws {
        let (name, latent, frame) = Self.latents[index]
        let count = 150
        let set = KeySet(try (0..<UInt64(count)).map { try Self.key($0 + (twoSided ? 1000 : 0)) }, searching: .full)
        let p = try set.search(latent, frame: frame, twoSided: twoSided).map { match in
            pow(10, try #require(match.log10Corrected(hypotheses: match.tries)))
        }
        #expect(p.count == count && p.allSatisfy { $0 > 0 && $0 <= 1 })
        for rate in [0.02, 0.1, 0.3, 0.6] {
            // Four standard deviations of a binomial count above the rate.
            let expected = rate * Double(count)
            let hits = p.count { $0 <= rate }
            #expect(Double(hits) <= expected + 4 * (expected * (1 - rate)).squareRoot(), "\(name): \(hits) at \(rate)")
        }
    }

    /// The price is near what it has to be: of white noise the smallest p-values of the coarse lattice are not far below
    /// their bound, or a search would find less than it can.
    @Test func thePriceIsNoMultipleOfTheNeed() throws {
        let set = KeySet(try (0..<300).map { try Self.key($0 + 5000) }, searching: .upright)
        let hits = try set.search(Self.latents[0].latent, frame: ObservedFrame(), twoSided: false).count {
            exp($0.logPValue ?? 0) * $0.tries <= 1
        }
        #expect(hits > 30, "\(hits) of 300")
    }

    /// Marked noise whose picture was mirrored, turned by a quarter and shifted round: nothing is resampled.
    @Test func movedMarksOfRingKeysAreFound() throws {
        let shape = LatentShape(channels: 3, height: 20, width: 20)
        let keys = try (1...3).map { try Self.key($0, shape, radius: 7) }
        var noise = Tensor(normal: shape.tensorShape(), seed: 1)
        keys[1].embed(into: &noise)
        let own = noise.elements
        func moved(_ source: (Int, Int) -> (y: Int, x: Int)) -> Tensor {
            Tensor(
                (0..<shape.count).map { index in
                    let (y, x) = source(index % 400 / 20, index % 20)
                    return own[index / 400 * 400 + y * 20 + x]
                }, shape: shape.tensorShape())
        }
        let set = KeySet(keys, searching: .full)
        let cases: [(Tensor, Double, Bool, (x: Double, y: Double))] = [
            (moved { ($0, 19 - $1) }, 0, true, (0, 0)),
            // Right becomes top.
            (moved { ($1, 19 - $0) }, 90, false, (0, 0)),
            (moved { (($0 + 17) % 20, ($1 + 5) % 20) }, 0, false, (-0.25, 0.15)),
        ]
        for (latent, degrees, isMirrored, shift) in cases {
            let matches = try set.search(latent, frame: ObservedFrame(), twoSided: false)
            #expect(matches.map(\.key) == [0, 1, 2])
            let log10P = matches.map { $0.log10Corrected(hypotheses: $0.tries) ?? 1 }
            #expect(log10P[1] < -20 && log10P[0] > -3 && log10P[2] > -3, "\(log10P)")
            let placement = try #require(matches[1].sighting).placement
            #expect(abs(placement.degrees - degrees) < 2 && placement.isMirrored == isMirrored)
            #expect(abs(placement.shift.x - shift.x) < 0.03 && abs(placement.shift.y - shift.y) < 0.03, "\(placement)")
            #expect(try set.match(latent, twoSided: false).allSatisfy { $0.logPValue ?? -99 > log(1e-4) })
        }
    }

    @Test func nothingIsFoundInNothing() throws {
        let set = KeySet([try Self.key(1)], searching: .full)
        let match = try set.search(Tensor(zeros: Self.shape.tensorShape()), frame: ObservedFrame(), twoSided: false)[0]
        #expect(match.log10Corrected(hypotheses: match.tries) == 0 && match.tries > 1e6)
    }

    /// Along the longer side a disc reaches further than its radius.
    @Test(arguments: [(8, 40, 3.0), (40, 8, 3), (12, 31, 4)]) func longFramesAreSearched(
        height: Int, width: Int, radius: Double
    ) throws {
        let shape = LatentShape(channels: 3, height: height, width: width)
        let key = try Self.key(1, shape, radius: radius)
        var noise = Tensor(normal: shape.tensorShape(), seed: 1)
        key.embed(into: &noise)
        let match = try KeySet([key], searching: .upright).search(noise, frame: ObservedFrame(), twoSided: false)[0]
        #expect(match.log10Corrected(hypotheses: match.tries) ?? 1 < -6)
    }

    /// Rings have too few numbers, and so have the smallest discs.
    @Test func whatCannotPayIsNotSearchedFor() throws {
        let ring = try NativeFixtures.key(.ring, radius: 5, channels: [0, 1, 2], shape: Self.shape)
        let small = try NativeFixtures.key(.spread, radius: 3, channels: [0], shape: Self.shape)
        let set = KeySet([ring, small, try Self.key(1)], searching: .full)
        #expect((0..<3).map(set.isSearched) == [false, false, true] && set.isSearched)
        let found = try set.search(Self.latents[0].latent, frame: ObservedFrame(), twoSided: false)
        #expect(found.map(\.key) == [2] && found.allSatisfy { $0.sighting != nil })
        let plain = KeySet([try Self.key(1)])
        #expect(!KeySet([ring], searching: .full).isSearched && !plain.isSearched)
    }
}
