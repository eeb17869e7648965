import InputErrors

/// Variance-preserving schedules.
extension SchedulerDocument {
    /// The class that the file names.
    /// - Throws: `InputError` with the classes that there are.
    func kind(_ path: String) throws -> SchedulerClass {
        guard let kind = SchedulerClass.all[className] else {
            let known = SchedulerClass.flows.union(SchedulerClass.all.keys).sorted().joined(separator: ", ")
            throw InputError(
                "\(path): _class_name", expected: "one of \(known)", found: className, as: .modelConfiguration)
        }
        return kind
    }

    /// The schedule of a class that is not a flow's, and its description.
    func schedule(
        _ kind: SchedulerClass, _ predictionType: PredictionType, _ path: String
    ) throws -> (NoiseSchedule, String) {
        try refuse(
            [("thresholding", thresholding), ("clip_sample", clipSample ?? kind.clipsSample)], path,
            "false, as latent models have it")
        guard timestepType ?? "discrete" == "discrete" else {
            throw InputError(
                "\(path): timestep_type",
                expected: "discrete: a model that is told ln(σ)/4 is none of Stable Diffusion's",
                found: timestepType ?? "none", as: .modelConfiguration)
        }
        if useFlowSigmas == true { return try flowOfMultistep(kind, path) }
        let count = try trainingSteps(path)
        var (betas, description) = try betas(kind, count, path)
        let isRescaled = try isRescaled(kind, predictionType, path)
        if isRescaled {
            betas = BetaSchedule.rescaledToZeroTerminalSNR(betas)
            description += ", zero terminal SNR"
        }
        let (spacing, offset) = try spacing(kind, count, path)
        let schedule = NoiseSchedule(
            betas: betas, spacing: spacing, stepsOffset: offset, setsAlphaToOne: try endsWithoutNoise(kind, path),
            smallestAlphaCumulative: isRescaled ? kind.terminalAlphaCumulative ?? 0 : 0)
        if let flaw = schedule.flaw(endsInPureNoise: isRescaled) {
            throw InputError(
                "\(path): betas", expected: "an ᾱ that falls from below 1 to above 0", found: "\(description): \(flaw)",
                as: .modelConfiguration)
        }
        return (schedule, description)
    }

    private func isRescaled(_ kind: SchedulerClass, _ type: PredictionType, _ path: String) throws -> Bool {
        guard rescaleBetasZeroSNR == true else { return false }
        let expected: String? =
            if kind.terminalAlphaCumulative == nil {
                "false for \(className)"
            } else if type == .epsilon {
                "false where prediction_type is epsilon"
            } else {
                nil
            }
        if let expected {
            throw InputError(
                "\(path): rescale_betas_zero_snr", expected: expected, found: "true", as: .modelConfiguration)
        }
        return true
    }

    private func spacing(_ kind: SchedulerClass, _ count: Int, _ path: String) throws -> (TimestepSpacing, Int) {
        guard kind.hasSpacing else { return (kind.spacing, 0) }
        let name = timestepSpacing ?? kind.spacing.rawValue
        guard let spacing = TimestepSpacing(rawValue: name) else {
            throw InputError(
                "\(path): timestep_spacing", expected: "leading, linspace or trailing", found: name,
                as: .modelConfiguration)
        }
        let offset = stepsOffset ?? 0
        guard (0..<count).contains(offset) else {
            throw InputError(
                "\(path): steps_offset", expected: "0 to \(count - 1)", found: "\(offset)", as: .modelConfiguration)
        }
        return (spacing, offset)
    }

    /// Whether a run ends at ᾱ = 1, or at the ᾱ of the first training step.
    func endsWithoutNoise(_ kind: SchedulerClass, _ path: String) throws(InputError) -> Bool {
        if let silent = kind.setsAlphaToOne { return setAlphaToOne ?? silent }
        guard kind.hasFinalSigmas else { return kind.endsWithoutNoise }
        let name = finalSigmasType ?? "zero"
        guard ["zero", "sigma_min"].contains(name) else {
            throw InputError(
                "\(path): final_sigmas_type", expected: "zero or sigma_min", found: name, as: .modelConfiguration)
        }
        return name == "zero"
    }

    private func betas(_ kind: SchedulerClass, _ count: Int, _ path: String) throws -> ([Float], String) {
        let betas: [Float]
        let description: String
        if let trained = trainedBetas {
            betas = trained
            description = "trained betas, \(trained.count) steps"
        } else {
            let name = betaSchedule ?? kind.betaSchedule.rawValue
            guard let schedule = BetaSchedule(rawValue: name) else {
                throw InputError(
                    "\(path): beta_schedule",
                    expected: BetaSchedule.allCases.map(\.rawValue).joined(separator: ", "), found: name,
                    as: .modelConfiguration)
            }
            let (start, end) = (betaStart ?? kind.betaStart, betaEnd ?? kind.betaEnd)
            betas = start > 0 && end > 0 ? schedule.betas(from: start, to: end, count: count) : []
            description =
                schedule == .squaredCosine ? "\(name), \(count) steps" : "\(name) \(start) ... \(end), \(count) steps"
        }
        guard betas.count == count, betas.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw InputError(
                "\(path): betas", expected: "\(count) numbers between 0 and 1", found: description,
                as: .modelConfiguration)
        }
        return (betas, description)
    }
}
