/// Which training steps a run of n steps visits (Lin et al. 2024, table 2; names and rounding as in diffusers).
public enum TimestepSpacing: String, Sendable, CaseIterable {
    /// Every ⌊T/n⌋-th from `stepsOffset`.
    case leading
    /// n numbers evenly from 0 to T-1, rounded.
    case linspace
    /// Every T/n-th back from T-1, rounded.
    case trailing

    /// The timesteps in ascending order.
    ///
    /// Halves are rounded to even, and the products that are rounded are formed in the order in which NumPy's `linspace`
    /// and `arange` form them: another order moves some timesteps by one. Where `arange` yields one element too many
    /// (n = 61, 103, …, T = 1000), which diffusers takes for a step to timestep -1, there are n here.
    /// - Parameters:
    ///   - count: n, from 1 to `trainingSteps`.
    ///   - trainingSteps: T.
    ///   - stepsOffset: added by `leading` alone; the last timestep may then lie beyond T-1.
    public func timesteps(_ count: Int, of trainingSteps: Int, stepsOffset: Int) -> [Int] {
        precondition((1...trainingSteps).contains(count), "\(count) steps of \(trainingSteps)")
        let total = Double(trainingSteps)
        switch self {
        case .leading:
            return (0..<count).map { $0 * (trainingSteps / count) + stepsOffset }
        case .linspace:
            guard count > 1 else { return [0] }
            let stride = (total - 1) / Double(count - 1)
            return (0..<count).map {
                $0 == count - 1 ? trainingSteps - 1 : Int((Double($0) * stride).rounded(.toNearestOrEven))
            }
        case .trailing:
            let stride = (total - total / Double(count)) - total
            return (0..<count).reversed().map {
                Int((total + Double($0) * stride).rounded(.toNearestOrEven)) - 1
            }
        }
    }
}
