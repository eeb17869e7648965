/// The attempts that a verifier makes, in order, the cheapest first. Everything that may be tried stands in the plan before
/// an image is looked at, so that the correction of p-values is known beforehand.
public struct Plan: Sendable {
    /// At least one.
    public let attempts: [Attempt]
    /// The views of all attempts, each once.
    public let views: [any View]
    /// The place of each attempt's view in `views`.
    public let viewOfAttempt: [Int]

    /// A plan of at least one attempt.
    public init(_ attempts: [Attempt]) {
        precondition(!attempts.isEmpty, "a plan of \(attempts.count) attempts")
        self.attempts = attempts
        var views: [any View] = []
        viewOfAttempt = attempts.map { attempt in
            if let place = views.firstIndex(where: { $0.name == attempt.view.name }) { return place }
            views.append(attempt.view)
            return views.count - 1
        }
        self.views = views
    }

    /// The plain view by each of some routes, of equal weight.
    public init(routes: [Route]) { self.init(routes.map { Attempt($0) }) }

    /// The plain view by each of some routes, and after those that leave the decoder alone (after each where all of them
    /// invert it) a search in the whole picture. The plain attempts have half of the rate, the searches the other half.
    public init(routes: [Route], searching: Bool) {
        let searched =
            routes.contains { $0.decoderInversion.kind == .none }
            ? routes.filter { $0.decoderInversion.kind == .none } : routes
        guard searching else {
            self.init(routes: routes)
            return
        }
        // Whole numbers, so that hypotheses are whole too.
        let (plain, search) = (Double(searched.count), Double(routes.count))
        self.init(
            routes.flatMap { route in
                searched.contains(route)
                    ? [
                        Attempt(route, weight: plain),
                        Attempt(route, view: WholeView(), isSearch: true, weight: search),
                    ]
                    : [Attempt(route, weight: plain)]
            })
    }

    /// The routes of the attempts, each once.
    public var routes: [Route] {
        attempts.map(\.route).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What the p-value of a match is multiplied by at one attempt (weighted Bonferroni): with weights w,
    /// keys · Σw / w over the attempts that the key takes part in. The sum of what they may err is then at most the asked
    /// rate. What a search tries beside that is its own matter (`Match.tries`).
    /// - Parameters:
    ///   - attempt: its place in the plan.
    ///   - keys: how many keys are looked for.
    ///   - isSearched: whether the key takes part in searches.
    public func hypotheses(attempt: Int, keys: Int, isSearched: Bool) -> Double {
        let own = attempts[attempt]
        precondition(isSearched || !own.isSearch, "attempt \(attempt) is a search and the key takes no part in any")
        let total = attempts.reduce(0) { $1.isSearch && !isSearched ? $0 : $0 + $1.weight }
        return Double(keys) * total / own.weight
    }
}
