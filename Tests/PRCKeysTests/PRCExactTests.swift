import Foundation
import KeyDocuments
import Marks
import PRCKeys
import RandomNumbers
import Tensors
import TestSupport
import Testing

/// Over pads the p-values are what they say, whatever the latent is.
@Suite struct PRCExactTests {
    private let shape = LatentShape(channels: 2, height: 16, width: 12)

    private func key() throws -> PRCKey {
        let geometry = try PRCGeometry(
            latentShape: shape, checkWeight: 3, messageBits: 8, testBits: 10, subject: "test", as: .invalidSetting)
        let secret = try #require(Secret(hexadecimal: String(repeating: "3c", count: 32)))
        return PRCKey(name: "k", geometry: geometry, secret: secret, message: [0, 1, 1, 0, 1, 0, 0, 1])
    }

    /// White noise, and boxes as a picture may leave them.
    private func latents() -> [Tensor] {
        let white = Tensor(normal: shape.tensorShape(), seed: 4)
        let boxes = (0..<shape.count).map { index in
            let (y, x) = (index % shape.planeCount / shape.width, index % shape.width)
            return white.elements[index] * 0.1 + (y / 5 % 2 == x / 4 % 2 ? 2 : -1)
        }
        return [white, Tensor(boxes, shape: white.shape)]
    }

    private func pad(_ generator: inout SeededGenerator) -> [Double] {
        (0..<shape.count).map { _ in generator.next() & 1 == 0 ? 1 : -1 }
    }

    /// P(p ≤ x) = x at the values that p takes, within four standard deviations of 8,000 pads.
    @Test func paritiesAreFairCoins() throws {
        let key = try key()
        let test = ParityTest(key.code)
        var generator = SeededGenerator(seed: 11)
        for latent in latents() {
            let reading = try key.makeReader().read(latent)
            let values = (0..<8000).map { _ in exp(test.logPValue(reading, pad(&generator))) }.sorted()
            for bound in [0.1, 0.01, 0.001] {
                let taken = try #require(values.last { $0 <= bound })
                let share = Double(values.count { $0 <= taken }) / Double(values.count)
                #expect(abs(share - taken) < 4 * (taken / Double(values.count)).squareRoot(), "\(taken): \(share)")
            }
        }
    }

    /// Both tests together say no more than they may: P(p ≤ x) ≤ x, within four standard deviations of 600 pads.
    @Test func theSmallerOfBothTestsIsNoSmallerThanItMayBe() throws {
        let key = try key()
        let reader = key.makeReader()
        var generator = SeededGenerator(seed: 12)
        for latent in latents() {
            let reading = try reader.read(latent)
            let values = (0..<600).map { _ in
                exp(
                    reader.logPValue(
                        agreement: reader.agreement(reading, pad(&generator)), of: reading, twoSided: false))
            }
            for bound in [0.3, 0.1, 0.01] {
                let share = Double(values.count { $0 <= bound }) / Double(values.count)
                #expect(share < bound + 4 * (bound / Double(values.count)).squareRoot(), "\(bound): \(share)")
            }
        }
    }

    /// A check that follows from others would be counted as a coin of its own: of such checks some are left out.
    @Test func checksThatFollowFromOthersAreNotCounted() throws {
        let code = try key().code
        let checks = code.checks.map(Int.init)
        #expect(code.independentChecks == Array(0..<checks.count / 3))
        let twice = try PRCCode(
            code.geometry, checks: checks + checks.prefix(30), generator: code.generatorBits, pad: code.pad,
            testBits: code.testBits, subject: "test")
        #expect(twice.independentChecks.count == checks.count / 3 - 10)
    }
}
