import InputErrors

/// Rectified flows.
extension SchedulerDocument {
    /// The schedule of a class of rectified flows, and its description.
    /// - Parameter pipeline: the class of the model's pipeline, where it is known. Those of FLUX have a spacing of their own.
    func flow(pipeline: String?, _ path: String) throws -> (NoiseSchedule, String) {
        try refuse(
            [
                ("invert_sigmas", invertSigmas), ("stochastic_sampling", stochasticSampling),
                ("use_karras_sigmas", useKarrasSigmas), ("use_exponential_sigmas", useExponentialSigmas),
                ("use_beta_sigmas", useBetaSigmas),
            ], path, "false")
        guard scaleFactors == nil else {
            throw InputError("\(path): scale_factors", expected: "none", found: "some", as: .modelConfiguration)
        }
        let isFlux = pipeline?.hasPrefix("Flux") == true
        guard useDynamicShifting == true else {
            return try rectifiedFlow("shift", shift, isFlux ? .equal : .toShiftedFirstStep, path)
        }
        try refuseTerminalShift(path)
        let sizeShift = try sizeShift(path)
        let count = try trainingSteps(path)
        return (
            .rectifiedFlow(shift: sizeShift, spacing: isFlux ? .equal : .toFirstStep, trainingSteps: count),
            "rectified flow, shift by size, \(count) steps"
        )
    }

    /// The settings of `use_dynamic_shifting`, with the class's defaults.
    private func sizeShift(_ path: String) throws -> SizeShift {
        func refusal(_ name: String, _ expected: String, _ found: String) -> InputError {
            InputError("\(path): \(name)", expected: expected, found: found, as: .modelConfiguration)
        }
        let name = timeShiftType ?? SizeShift.Kind.exponential.rawValue
        guard let kind = SizeShift.Kind(rawValue: name) else {
            throw refusal("time_shift_type", "exponential or linear", name)
        }
        let (few, many) = (baseImageSequence ?? 256, maxImageSequence ?? 4096)
        guard few >= 0 else { throw refusal("base_image_seq_len", "0 or more", "\(few)") }
        guard many > few else { throw refusal("max_image_seq_len", "more than \(few)", "\(many)") }
        let ends = [("base_shift", baseShift ?? 0.5), ("max_shift", maxShift ?? 1.15)]
        for (name, mu) in ends where !NoiseSchedule.shifts.contains(kind.shift(mu)) {
            let range = NoiseSchedule.shifts
            throw refusal(
                name, "a shift from \(range.lowerBound) to \(range.upperBound), \(kind.rawValue)", "\(mu)")
        }
        return SizeShift(kind: kind, base: .init(tokens: few, mu: ends[0].1), top: .init(tokens: many, mu: ends[1].1))
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
        return try rectifiedFlow("flow_shift", flowShift, .toShiftedFirstStep, path)
    }

    private func rectifiedFlow(
        _ name: String, _ value: Double?, _ spacing: FlowSpacing, _ path: String
    ) throws -> (NoiseSchedule, String) {
        try refuseTerminalShift(path)
        let (shift, range) = (value ?? 1, NoiseSchedule.shifts)
        guard range.contains(shift) else {
            throw InputError(
                "\(path): \(name)", expected: "a number from \(range.lowerBound) to \(range.upperBound)",
                found: "\(shift)", as: .modelConfiguration)
        }
        let count = try trainingSteps(path)
        return (
            .rectifiedFlow(shift: shift, spacing: spacing, trainingSteps: count),
            "rectified flow, shift \(shift), \(count) steps"
        )
    }

    private func refuseTerminalShift(_ path: String) throws {
        guard (shiftTerminal ?? 0) == 0 else {
            throw InputError(
                "\(path): shift_terminal", expected: "none", found: "\(shiftTerminal ?? 0)", as: .modelConfiguration)
        }
    }
}
