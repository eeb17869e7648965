import Tensors

/// One image of a run that is solved backwards.
struct BackwardItem {
    /// z_0, `[1, C, h, w]`.
    private let target: Tensor
    /// The beginning of each step, from noise to clean.
    private var beginnings: [StepBeginning]
    /// Calls of the model.
    var calls = 0
    /// The largest relative residual of the last pass; infinite where a step's was never a number.
    var residual = 0.0

    /// An image of which only z_0 is known, `[1, C, h, w]`: it stands for every z_i until a pass has found one.
    init(target: Tensor, steps: Int) {
        precondition(steps > 0, "a run of \(steps) steps")
        self.target = target
        beginnings = [StepBeginning](repeating: StepBeginning(latents: target, clean: nil), count: steps)
    }

    /// z_T, `[1, C, h, w]`.
    var noise: Tensor { beginnings[0].latents }

    /// z where a step begins; z_0 after the last.
    func latents(at step: Int) -> Tensor { step == beginnings.count ? target : beginnings[step].latents }

    /// x̂₀ where a step begins that a pass has solved, `[1, C, h, w]`.
    func clean(at step: Int) -> Tensor {
        guard let clean = beginnings[step].clean else {
            preconditionFailure("step \(step + 1) of \(beginnings.count) is not solved yet")
        }
        return clean
    }

    /// x̂₀ where each of n steps begins, `[n, C, h, w]`, after a whole pass.
    var cleans: Tensor { .concatenating(beginnings.indices.map { clean(at: $0) }) }

    /// Keeps what was found of one or several steps in a row.
    mutating func keep(_ found: [StepBeginning], of steps: Range<Int>) {
        precondition(found.count == steps.count, "\(found.count) beginnings of \(steps.count) steps")
        beginnings.replaceSubrange(steps, with: found)
    }

    /// Keeps z_T of a run of one step.
    mutating func keep(noise: Tensor) { beginnings[0].latents = noise }
}

/// Where a step begins.
struct StepBeginning {
    /// z_i, `[1, C, h, w]`.
    var latents: Tensor
    /// x̂₀ there, `[1, C, h, w]`; nil where the model was not asked.
    var clean: Tensor?
}
