import FixedPoints
import TestSupport
import Testing

@Suite struct ForwardStepTests {
    /// On T = λz each step multiplies by 1 - ρλ. 1e-6 of the start: Float's rounding over a dozen steps.
    @Test(arguments: [0.1, 0.5, 1, 1.4])
    func shrinksByTheKnownRate(_ step: Double) throws {
        let eigenvalues: [Float] = [0.2, 0.7, 1, 1.25]
        let start: [Float] = [1, -2, 3, 1.5]
        let path = try path(
            of: ForwardStep(size: .fixed(step)), on: ToyResidual(starts: [start], eigenvalues: eigenvalues), count: 12)
        for (k, iterate) in path.enumerated() {
            let expected = zip(eigenvalues, start).map { eigenvalue, start in
                var number = Double(start)
                for _ in 0..<k { number *= 1 - step * Double(eigenvalue) }
                return Float(number)
            }
            expectClose(iterate, expected, absolute: 3e-6, "iterate \(k)")
        }
    }

    /// Theorem 1: T = λz is cocoercive with β = 1/λ, so that 2β is the longest step.
    @Test(arguments: [0.5, 2, 8] as [Float])
    func convergesBelowTwiceTheCocoercivityOnly(_ eigenvalue: Float) throws {
        let limit = 2 / Double(eigenvalue)
        func end(_ step: Double) throws -> Double {
            let operation = ToyResidual(starts: [[1, -1]], eigenvalues: [eigenvalue, eigenvalue / 2])
            let path = try path(of: ForwardStep(size: .fixed(step)), on: operation, count: 400)
            return norm(try #require(path.last))
        }
        #expect(try end(0.99 * limit) < 0.02)
        #expect(try end(1.01 * limit) > 50)
    }

    /// A given step is not changed by a residual that grows.
    @Test func aFixedStepStaysFixed() {
        var update = ForwardStep(size: .fixed(0.5))
        #expect(update.next(after: vector(1), residual: vector(1)).latent.elements == [0.5])
        #expect(update.next(after: vector(0.5), residual: vector(8)).latent.elements == [-3.5])
        #expect(update.next(after: vector(-3.5), residual: vector(-1)).latent.elements == [-3])
    }

    @Test func theConstantsNameTheStep() {
        #expect(ForwardStep(size: .fixed(0.25)).constants == "step 0.25")
        #expect(ForwardStep(size: .adaptive(least: 0.125, most: 2)).constants == "step 0.125...2.0")
        #expect(everyUpdate.map(\.kind) == [.forward, .forward, .km, .adam, .anderson])
    }
}
