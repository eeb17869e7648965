/// How the n values of σ of a rectified flow lie before their shift: evenly from 1 down to a smallest one.
public enum FlowSpacing: Sendable, Equatable {
    /// To that of the first training step, 1/T, which was shifted once already: diffusers' classes with a shift of their own.
    case toShiftedFirstStep
    /// To that of the first training step: the same classes with a shift by size.
    case toFirstStep
    /// To 1/n, so that the steps are equal: the pipelines of FLUX, whatever the class.
    case equal

    /// The smallest of `count` σ, before its shift.
    func smallest(_ count: Int, trainingSteps: Int, shifted: (Double) -> Double) -> Double {
        switch self {
        case .toShiftedFirstStep: shifted(1 / Double(trainingSteps))
        case .toFirstStep: 1 / Double(trainingSteps)
        case .equal: 1 / Double(count)
        }
    }
}
