import FixedPoints
import Tensors
import Testing

@Suite struct InertialKrasnoselskiiMannTests {
    /// The formula, with z_{-1} = z_0: the first step has no inertia, and T is wanted at y.
    @Test func followsTheFormula() {
        var update = InertialKrasnoselskiiMann(inertia: 0.5, step: 0.25)
        let first = update.next(after: vector(1), residual: vector(2))
        #expect(first.latent.elements == [0.5] && first.point.elements == [0.25])
        let second = update.next(after: first.point, residual: vector(1))
        #expect(second.latent.elements == [0] && second.point.elements == [-0.25])
    }

    /// Without inertia it is the forward step, to the last bit.
    @Test func withoutInertiaItIsTheForwardStep() throws {
        func operation() -> ToyResidual {
            ToyResidual(starts: [[1, -0.3, 2]], matrix: [[1, 0.2, 0], [0, 0.7, 0.1], [0.3, 0, 1.2]])
        }
        #expect(
            try path(of: InertialKrasnoselskiiMann(inertia: 0, step: 0.3), on: operation(), count: 15)
                == path(of: ForwardStep(size: .fixed(0.3)), on: operation(), count: 15))
    }

    /// On T = λz with q = 1 - sλ the iterates obey z_{k+1} = q(1 + α)z_k - qα·z_{k-1}; there the quadratic form
    /// z_k² - q(1 + α)z_k·z_{k-1} + qα·z_{k-1}² shrinks by qα at every step.
    @Test(arguments: [(0.9, 0.1), (0.5, 0.3), (0.2, 0.9)])
    func shrinksByTheKnownRate(_ inertia: Double, _ step: Double) throws {
        let q = 1 - step
        let path = try path(
            of: InertialKrasnoselskiiMann(inertia: inertia, step: step),
            on: ToyResidual(starts: [[3]], eigenvalues: [1]), count: 13
        ).map { Double($0[0]) }
        let forms = zip(path.dropFirst(), path).map { newer, older in
            newer * newer - q * (1 + inertia) * newer * older + q * inertia * older * older
        }
        #expect(forms.count == 13)
        for (k, (newer, older)) in zip(forms.dropFirst(), forms).enumerated() {
            // Float's rounding of the iterates, which are of the order of 3 at first.
            #expect(abs(newer - q * inertia * older) < 1e-5, "step \(k + 2)")
        }
    }

    /// Theorem 2 holds λ(1 - α + 2α²) < (1 - α)² to be enough. T = μz has β = 1/μ and the step 2λβ; there the true limit
    /// is 2(1 + α)/(1 + 2α)·β, where a root of the recurrence passes -1.
    @Test(arguments: [0.1, 0.3, 0.6])
    func convergesUnderThePapersCondition(_ inertia: Double) throws {
        let steepest = 2.0
        let relaxation = (1 - inertia) * (1 - inertia) / (1 - inertia + 2 * inertia * inertia)
        let promised = 2 * relaxation / steepest
        let limit = 2 * (1 + inertia) / (1 + 2 * inertia) / steepest
        #expect(promised < limit)
        func end(_ step: Double) throws -> Double {
            let operation = ToyResidual(starts: [[1, 1, 1]], eigenvalues: [0.1, 1, Float(steepest)])
            let update = InertialKrasnoselskiiMann(inertia: inertia, step: step)
            return norm(try #require(try path(of: update, on: operation, count: 600).last))
        }
        #expect(try end(0.99 * promised) < 1e-3)
        #expect(try end(0.98 * limit) < 1e-3)
        #expect(try end(1.02 * limit) > 1e3)
    }
}
