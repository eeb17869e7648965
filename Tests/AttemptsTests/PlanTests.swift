import Attempts
import InputErrors
import Pictures
import Tensors
import Testing

/// The plan of attempts, with kinds of views and poses that the product does not have.
@Suite struct PlanTests {
    private struct Turned: View {
        let name: String
        func pixels(of image: RGBImage, size: (height: Int, width: Int)) -> Tensor {
            PlainView().pixels(of: image, size: size)
        }
    }

    private struct Shifts: Poses {
        let count: Int
        func pose(_ noise: Tensor, _ index: Int) -> Tensor { noise }
    }

    private let encoder = Route(.none, steps: 0)
    private let steps = Route(.none, steps: 5)

    @Test func plainRoutesShareTheRateEqually() {
        let plan = Plan(routes: [encoder, steps, steps])
        for attempt in 0..<3 { #expect(plan.hypotheses(attempt: attempt, keys: 7) == 21) }
    }

    /// With weights by the number of poses each hypothesis costs the same: Bonferroni over all of them.
    @Test func posesArePaidFor() {
        let plan = Plan([Attempt(encoder), Attempt(steps, poses: Shifts(count: 9))])
        #expect(plan.hypotheses(attempt: 0, keys: 2) == 20)
        #expect(plan.hypotheses(attempt: 1, keys: 2) == 20)
    }

    /// Half of the rate for the plain attempt, the other half for a lattice of 1,000 poses.
    @Test func weightsShareTheRate() {
        let plan = Plan([Attempt(encoder, weight: 1), Attempt(steps, poses: Shifts(count: 1000), weight: 1)])
        #expect(plan.hypotheses(attempt: 0, keys: 1) == 2)
        #expect(plan.hypotheses(attempt: 1, keys: 1) == 2000)
    }

    /// The chances that attempts may err add up to no more than the rate, whatever the weights.
    @Test(arguments: [[1.0, 1, 1], [0.5, 0.3, 0.2], [3, 0.01, 7]]) func theRateIsNeverExceeded(weights: [Double]) {
        let counts = [1, 17, 400]
        let plan = Plan(zip(weights, counts).map { Attempt(encoder, poses: Shifts(count: $1), weight: $0) })
        let spent = counts.indices.reduce(0.0) { sum, attempt in
            sum + Double(3 * counts[attempt]) / Double(plan.hypotheses(attempt: attempt, keys: 3))
        }
        #expect(spent <= 1 && spent > 0.9)
    }

    @Test func attemptsOfOneViewShareItsPixels() {
        let plan = Plan([
            Attempt(encoder), Attempt(encoder, view: Turned(name: "turned 90")), Attempt(steps),
            Attempt(steps, view: Turned(name: "turned 180")), Attempt(steps, view: Turned(name: "turned 90")),
        ])
        #expect(plan.views.map(\.name) == ["plain", "turned 90", "turned 180"])
        #expect(plan.viewOfAttempt == [0, 1, 0, 2, 1])
    }

    @Test(arguments: ["none/0", "none/5", "anderson:4/10", "adam:100/50"]) func routesAreReadAsTheyAreWritten(
        text: String
    ) throws {
        #expect(try Route(parsing: text).description == text)
    }

    @Test(arguments: ["", "none", "none/-1", "none/x", "none/1/2", "newton/3", "anderson:0/3"])
    func otherTextIsNoRoute(text: String) throws {
        let error = #expect(throws: InputError.self) { try Route(parsing: text) }
        #expect(error?.code == .invalidSetting)
    }
}
