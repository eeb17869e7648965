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

    /// The routes of all attempts.
    public var routes: [Route] { attempts.map(\.route) }

    /// What the p-value of a match is multiplied by at one attempt (weighted Bonferroni): with weights w and n poses,
    /// keys · n · Σw / w, rounded up. The sum of what the attempts may err is then at most the asked rate. Where each
    /// weight is the number of poses, it is keys times all poses of the plan, at every attempt.
    /// - Parameters:
    ///   - attempt: its place in the plan.
    ///   - keys: how many keys are looked for.
    public func hypotheses(attempt: Int, keys: Int) -> Int {
        let total = attempts.reduce(0) { $0 + $1.weight }
        let own = attempts[attempt]
        return Int((Double(keys) * Double(own.poses.count) * total / own.weight).rounded(.up))
    }
}
