import ArgumentParser
import DecoderInversion
import FixedPoints

/// A method as the benchmark names it: `KIND[=CONSTANT]:EVALUATIONS`. The constant is ρ of `forward`, the step of `km`, and
/// ε of `adam`; without it the kind has its usual constants.
struct MethodName: ExpressibleByArgument {
    let text: String
    let method: InversionMethod

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        text = argument
        guard parts.count == 2 else {
            guard let method = try? InversionMethod(parsing: argument) else { return nil }
            self.method = method
            return
        }
        let numbers = parts[1].split(separator: ":").map(String.init)
        guard numbers.count == 2, let constant = Double(numbers[0]), let evaluations = Int(numbers[1]),
            evaluations > 0, constant > 0, let kind = InversionMethod.Kind(rawValue: parts[0])
        else { return nil }
        switch kind {
        case .forward: method = InversionMethod(ForwardStep(size: .fixed(constant)), evaluations: evaluations)
        case .km: method = InversionMethod(InertialKrasnoselskiiMann(step: constant), evaluations: evaluations)
        case .adam:
            let schedule = LearningRateSchedule.warmUpAndCosine(steps: evaluations)
            method = InversionMethod(ScheduledAdam(schedule: schedule, epsilon: constant), evaluations: evaluations)
        case .none, .anderson: return nil
        }
    }
}
