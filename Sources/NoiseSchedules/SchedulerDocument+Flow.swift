import InputErrors

/// Rectified flows.
extension SchedulerDocument {
    /// What a flow may be shifted by: more than any model has, and so little that no two of a run's σ fall together.
    static let shifts = 0.01...100.0

    /// The schedule of a class of rectified flows, and its description.
    func flow(_ path: String) throws -> (NoiseSchedule, String) {
        try refuse(
            [
                ("use_dynamic_shifting", useDynamicShifting), ("invert_sigmas", invertSigmas),
                ("stochastic_sampling", stochasticSampling), ("use_karras_sigmas", useKarrasSigmas),
                ("use_exponential_sigmas", useExponentialSigmas), ("use_beta_sigmas", useBetaSigmas),
            ], path, "false")
        guard scaleFactors == nil else {
            throw InputError("\(path): scale_factors", expected: "none", found: "some", as: .modelConfiguration)
        }
        return try rectifiedFlow("shift", shift, path)
    }

    /// The schedule of a multistep solver with `use_flow_sigmas`, and its description.
    func flowOfMultistep(_ kind: SchedulerClass, _ path: String) throws -> (NoiseSchedule, String) {
        guard kind.family == .multistep else {
            throw InputError(
                "\(path): use_flow_sigmas", expected: "false for \(className)", found: "true", as: .modelConfiguration)
        }
        try refuse([("use_dynamic_shifting", useDynamicShifting)], path, "false")
        guard finalSigmasType ?? "zero" == "zero" else {
            throw InputError(
                "\(path): final_sigmas_type", expected: "zero for a rectified flow", found: finalSigmasType ?? "none",
                as: .modelConfiguration)
        }
        return try rectifiedFlow("flow_shift", flowShift, path)
    }

    private func rectifiedFlow(_ name: String, _ value: Double?, _ path: String) throws -> (NoiseSchedule, String) {
        guard (shiftTerminal ?? 0) == 0 else {
            throw InputError(
                "\(path): shift_terminal", expected: "none", found: "\(shiftTerminal ?? 0)", as: .modelConfiguration)
        }
        let shift = value ?? 1
        guard Self.shifts.contains(shift) else {
            throw InputError(
                "\(path): \(name)", expected: "a number from \(Self.shifts.lowerBound) to \(Self.shifts.upperBound)",
                found: "\(shift)", as: .modelConfiguration)
        }
        let count = try trainingSteps(path)
        return (.rectifiedFlow(shift: shift, trainingSteps: count), "rectified flow, shift \(shift), \(count) steps")
    }
}
