import Foundation
import Statistics

/// A number of successes out of a number of trials.
public struct Proportion: Sendable, Equatable {
    /// How often it happened.
    public var successes: Int
    /// How often it could have happened.
    public var trials: Int

    /// - Parameters:
    ///   - successes: 0 ... `trials`.
    ///   - trials: at least 0.
    public init(_ successes: Int, of trials: Int) {
        precondition(successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
        self.successes = successes
        self.trials = trials
    }

    /// `successes / trials`; nil without trials.
    public var estimate: Double? { trials > 0 ? Double(successes) / Double(trials) : nil }

    /// The exact interval of Clopper and Pearson (1934), from quantiles of the beta distribution. Its coverage is never
    /// below the confidence. `[0, 1]` without trials.
    /// - Parameter confidence: in (0, 1).
    public func exactInterval(confidence: Double = 0.95) -> Interval {
        guard trials > 0 else { return Interval(lower: 0, upper: 1) }
        let tail = (1 - confidence) / 2
        let (k, n) = (Double(successes), Double(trials))
        return Interval(
            lower: successes == 0 ? 0 : BetaDistribution.quantile(tail, a: k, b: n - k + 1),
            upper: successes == trials ? 1 : BetaDistribution.quantile(1 - tail, a: k + 1, b: n - k))
    }

    /// The score interval of Wilson (1927) at 95 %, without continuity correction. `[0, 1]` without trials.
    public var wilsonInterval: Interval {
        guard trials > 0 else { return Interval(lower: 0, upper: 1) }
        let (k, n, z) = (Double(successes), Double(trials), Interval.normalReach)
        let centre = (k + z * z / 2) / (n + z * z)
        let reach = z / (n + z * z) * (k * (n - k) / n + z * z / 4).squareRoot()
        return Interval(
            lower: successes == 0 ? 0 : max(0, centre - reach), upper: successes == trials ? 1 : min(1, centre + reach))
    }
}

extension Proportion: Encodable {
    private enum CodingKeys: String, CodingKey {
        case successes, trials, estimate
        case exactInterval = "exact_interval"
    }

    /// The counts with the share and its exact interval of 95 %.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(successes, forKey: .successes)
        try container.encode(trials, forKey: .trials)
        try container.encodeIfPresent(estimate, forKey: .estimate)
        try container.encode(exactInterval(), forKey: .exactInterval)
    }
}
