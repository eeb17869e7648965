import ArgumentParser
import DecoderInversion
import FixedPoints
import Tensors

/// A method as the benchmark names it: `KIND[=CONSTANT]:EVALUATIONS`. The constant is ρ of `forward`, the step of `km`, and
/// ε of `adam`; without it the kind has its usual constants.
struct MethodName: ExpressibleByArgument {
    let text: String
    let method: Method

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        text = argument
        guard parts.count == 2 else {
            guard let method = try? Method(parsing: argument) else { return nil }
            self.method = method
            return
        }
        let numbers = parts[1].split(separator: ":").map(String.init)
        guard numbers.count == 2, let constant = Double(numbers[0]), let evaluations = Int(numbers[1]),
            evaluations > 0, constant > 0, let kind = Method.Kind(rawValue: parts[0])
        else { return nil }
        switch kind {
        case .forward: method = Method(ForwardStep(size: .fixed(constant)), evaluations: evaluations)
        case .km: method = Method(InertialKrasnoselskiiMann(step: constant), evaluations: evaluations)
        case .adam:
            let schedule = LearningRateSchedule.warmUpAndCosine(steps: evaluations)
            method = Method(ScheduledAdam(schedule: schedule, epsilon: constant), evaluations: evaluations)
        case .none, .anderson: return nil
        }
    }
}
