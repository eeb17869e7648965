import Foundation
import Tensors

/// Adam (Kingma and Ba 2015) with T(z) in the place of the gradient, and the learning-rate schedule of Hong et al. 2024:
/// a linear warm-up over n/10 steps, a cosine until 0.8n, constant after; for n > 100 as if n = 100.
struct ScheduledAdam: FixedPointUpdate {
    private let learningRate: Double
    private let decay = (first: 0.9, second: 0.999)
    private let epsilon = 1e-8
    private let steps: Int
    private var count = 0
    private var first: [Double] = []
    private var second: [Double] = []

    init(steps: Int, learningRate: Double = 0.01) {
        self.steps = steps
        self.learningRate = learningRate
    }

    /// The learning rate of step i of n.
    static func learningRate(_ peak: Double, step: Int, of steps: Int) -> Double {
        let n = min(steps, 100)
        let warmUp = n / 10
        if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
        let i = min(step, n * 8 / 10)
        return peak * 0.5 * (1 + cos(Double.pi * Double(i - warmUp) / Double(n - warmUp)))
    }

    mutating func next(after point: Tensor, residual: Tensor) -> Tensor {
        if first.isEmpty {
            first = [Double](repeating: 0, count: point.count)
            second = first
        }
        let rate = Self.learningRate(learningRate, step: count, of: steps)
        count += 1
        let firstCorrection = 1 - pow(decay.first, Double(count))
        let secondCorrection = 1 - pow(decay.second, Double(count))
        return point.withUnsafeBufferPointer { z in
            residual.withUnsafeBufferPointer { t in
                Tensor(shape: point.shape) { target in
                    for i in z.indices {
                        let gradient = Double(t[i])
                        first[i] = decay.first * first[i] + (1 - decay.first) * gradient
                        second[i] = decay.second * second[i] + (1 - decay.second) * gradient * gradient
                        let change =
                            first[i] / firstCorrection / ((second[i] / secondCorrection).squareRoot() + epsilon)
                        target.initializeElement(at: i, to: Float(Double(z[i]) - rate * change))
                    }
                }
            }
        }
    }
}
