import Foundation

/// The learning rate of step i = 0, 1, … of n.
///
/// The schedule of Hong et al. 2024, with w = ⌊n/10⌋: peak·(i+1)/w for i < w, then peak·½(1 + cos(π(i-w)/(n-w))) for
/// i < 0.8n, and its last value from there on. For n > 100 the schedule is that of n = 100.
public enum LearningRateSchedule: Sendable, Equatable {
    /// The same at every step.
    case constant
    /// The paper's, over `steps` steps, at least 1. Where the paper's text leaves open which value stays, it is that of the
    /// authors' code: step ⌈0.8n⌉ - 1, the last before 0.8n.
    case warmUpAndCosine(steps: Int)

    /// The factor on the peak at step `index`, counted from 0; in (0, 1].
    public func factor(_ index: Int) -> Double {
        guard case .warmUpAndCosine(let steps) = self else { return 1 }
        precondition(steps > 0 && index >= 0, "step \(index) of \(steps)")
        let n = min(steps, 100)
        let warmUp = n / 10
        if index < warmUp { return Double(index + 1) / Double(warmUp) }
        let lastCosine = (8 * n + 9) / 10 - 1
        let i = min(index, lastCosine)
        return 0.5 * (1 + cos(Double.pi * Double(i - warmUp) / Double(n - warmUp)))
    }
}
