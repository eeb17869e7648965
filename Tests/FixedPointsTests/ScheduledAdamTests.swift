import FixedPoints
import Tensors
import TestSupport
import Testing

@Suite struct ScheduledAdamTests {
    /// The first step is the learning rate against the sign of T, however large T is. ε = 1e-8 is 1e-5 of the smallest.
    @Test func theFirstStepIsTheRateAgainstTheSign() {
        var update = ScheduledAdam(schedule: .constant, peak: 0.25)
        let residual = vector(3, -0.001, 0.5, -40_000, 0)
        let next = update.next(after: vector(1, 1, 1, 1, 1), residual: residual).latent
        expectClose(next.elements, [0.75, 1.25, 0.75, 1.25, 1], absolute: 3e-6)
    }

    /// ε beside |T| shortens the step: 1/(1 + 1).
    @Test func epsilonBoundsSmallResiduals() {
        var update = ScheduledAdam(schedule: .constant, peak: 0.5, epsilon: 0.125)
        #expect(update.next(after: vector(0), residual: vector(0.125)).latent.elements == [-0.25])
    }

    /// Under a constant T both averages are unbiased, so that every step is the rate of the schedule.
    @Test func theStepsFollowTheSchedule() {
        let schedule = LearningRateSchedule.warmUpAndCosine(steps: 30)
        var update = ScheduledAdam(schedule: schedule, peak: 0.1)
        var point = vector(0, 0)
        for k in 0..<30 {
            let next = update.next(after: point, residual: vector(2, -7)).point
            let change = Float(0.1 * schedule.factor(k))
            expectClose((next - point).elements, [-change, change], absolute: 1e-6, "step \(k)")
            point = next
        }
    }

    /// T and then nothing: what is left of the averages, m̂ = β₁/(1 + β₁)·T and v̂ = β₂/(1 + β₂)·T².
    @Test func theAveragesDecay() {
        var update = ScheduledAdam(schedule: .constant, peak: 1, firstDecay: 0.5, secondDecay: 0.75)
        _ = update.next(after: vector(0), residual: vector(3))
        let second = update.next(after: vector(0), residual: vector(0)).latent
        let expected: Double = 0.5 / 1.5 / (0.75 / 1.75).squareRoot()
        expectClose(second.elements, [-Float(expected)], relative: 1e-6)
    }

    /// Adam does not see the size of T: a million times T has the same path.
    @Test func thePathDoesNotDependOnTheScale() throws {
        func path(_ scale: Float) throws -> [[Float]] {
            let operation = ToyResidual(starts: [[1, -2]], eigenvalues: [0.6 * scale, 1.3 * scale])
            let update = ScheduledAdam(schedule: .warmUpAndCosine(steps: 25), peak: 0.2)
            return try FixedPointsTests.path(of: update, on: operation, count: 25)
        }
        for (small, large) in zip(try path(1), try path(1_000_000)) { expectClose(small, large, absolute: 1e-4) }
        #expect(norm(try #require(try path(1).last)) < 0.3 * norm([1, -2]))
    }
}
