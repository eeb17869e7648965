import Foundation
import Tensors

/// Adam (Kingma and Ba 2015) with T(z) in place of the gradient, as Hong et al. 2024 use it.
///
/// Notation: `first` m, `second` v, `firstDecay` β₁, `secondDecay` β₂.
public struct ScheduledAdam: FixedPointUpdate {
    /// The learning rate where the schedule's factor is 1, above 0.
    public let peak: Double
    /// The factor on the peak at each step.
    public let schedule: LearningRateSchedule
    /// β₁, in [0, 1).
    public let firstDecay: Double
    /// β₂, in [0, 1).
    public let secondDecay: Double
    /// Added to √v̂, above 0; the paper has 1e-8, and 1e-4 for 16-bit models.
    public let epsilon: Double
    private var count = 0
    private var first: [Double] = []
    private var second: [Double] = []

    /// The defaults are the paper's constants.
    public init(
        schedule: LearningRateSchedule, peak: Double = 0.01, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
        epsilon: Double = 1e-8
    ) {
        self.schedule = schedule
        self.peak = peak
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
    }

    /// The family.
    public var kind: UpdateKind { .adam }
    /// The constants as text, for reports.
    public var constants: String {
        "learning rate \(peak) \(schedule), decay \(firstDecay) \(secondDecay), epsilon \(epsilon)"
    }

    /// The next iterate, from T at the last proposed point.
    public mutating func next(after point: Tensor, residual: Tensor) -> Proposal {
        if first.isEmpty {
            first = [Double](repeating: 0, count: point.count)
            second = first
        }
        let rate = peak * schedule.factor(count)
        count += 1
        let firstCorrection = 1 - pow(firstDecay, Double(count))
        let secondCorrection = 1 - pow(secondDecay, Double(count))
        var latent = point
        latent.withUnsafeMutableBufferPointer { z in
            residual.withUnsafeBufferPointer { t in
                for i in z.indices {
                    let gradient = Double(t[i])
                    first[i] = firstDecay * first[i] + (1 - firstDecay) * gradient
                    second[i] = secondDecay * second[i] + (1 - secondDecay) * gradient * gradient
                    let change = first[i] / firstCorrection / ((second[i] / secondCorrection).squareRoot() + epsilon)
                    z[i] = Float(Double(z[i]) - rate * change)
                }
            }
        }
        return Proposal(latent: latent)
    }
}
