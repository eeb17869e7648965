import Attempts
import InputErrors
import Pictures
import Testing

/// The plan of attempts, with kinds of views that the product does not have.
@Suite struct PlanTests {
    private struct Turned: View {
        let name: String
        func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame {
            PlainView().frame(of: image, size: size)
        }
    }

    private let encoder = Route(.none, steps: 0)
    private let steps = Route(.none, steps: 5)

    @Test func plainRoutesShareTheRateEqually() {
        let plan = Plan(routes: [encoder, steps, steps])
        for attempt in 0..<3 { #expect(plan.hypotheses(attempt: attempt, keys: 7, isSearched: true) == 21) }
    }

    /// Half of the rate for three plain attempts, the other half for the two searches; a key that is not searched for has
    /// all of it for the plain ones.
    @Test func searchesHaveHalfOfTheRate() {
        let inversion = Route(.init(.anderson, evaluations: 4), steps: 10)
        let plan = Plan(routes: [encoder, steps, inversion], searching: true)
        #expect(plan.attempts.map(\.isSearch) == [false, true, false, true, false])
        #expect(plan.attempts.map(\.route) == [encoder, encoder, steps, steps, inversion])
        #expect(plan.views.map(\.name) == ["plain", "whole"] && plan.routes == [encoder, steps, inversion])
        let searched = (0..<5).map { plan.hypotheses(attempt: $0, keys: 2, isSearched: true) }
        #expect(searched == [12, 8, 12, 8, 12])
        #expect([0, 2, 4].map { plan.hypotheses(attempt: $0, keys: 2, isSearched: false) } == [6, 6, 6])
    }

    @Test func aPlanWithoutARouteThatLeavesTheDecoderAloneSearchesAfterEach() {
        let inversion = Route(.init(.anderson, evaluations: 4), steps: 10)
        #expect(Plan(routes: [inversion], searching: true).attempts.map(\.isSearch) == [false, true])
        #expect(Plan(routes: [inversion], searching: false).attempts.map(\.isSearch) == [false])
    }

    /// The chances that attempts may err add up to no more than the rate, whatever the weights, for keys that are searched
    /// for and for those that are not.
    @Test(arguments: [[1.0, 1, 1], [0.5, 0.3, 0.2], [3, 0.01, 7]]) func theRateIsNeverExceeded(weights: [Double]) {
        let plan = Plan(weights.enumerated().map { Attempt(encoder, isSearch: $0 == 1, weight: $1) })
        for isSearched in [true, false] {
            let spent = weights.indices.reduce(0.0) { sum, attempt in
                guard isSearched || !plan.attempts[attempt].isSearch else { return sum }
                return sum + 3 / plan.hypotheses(attempt: attempt, keys: 3, isSearched: isSearched)
            }
            #expect(abs(spent - 1) < 1e-12)
        }
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
