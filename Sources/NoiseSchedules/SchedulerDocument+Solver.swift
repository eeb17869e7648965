import InputErrors

extension SchedulerDocument {
    /// The sampler that the file names, or its nearest relative.
    /// - Throws: `InputError` naming the file and the setting that cannot be followed.
    func solver(_ kind: SchedulerClass, _ path: String) throws(InputError) -> Solver {
        switch kind.family {
        case .ddim: return .ddim
        case .levels:
            guard kind.hasKarrasSigmas else { return .ddim }
            try refuseOtherLevels(path)
            guard useKarrasSigmas == true else { return .ddim }
            return .dpm(
                Solver.DPMSettings(
                    order: 1, usesKarrasSigmas: true, endsWithoutNoise: try endsWithoutNoise(kind, path)))
        case .multistep: return .dpm(try multistep(kind, path))
        }
    }

    private func multistep(_ kind: SchedulerClass, _ path: String) throws(InputError) -> Solver.DPMSettings {
        try refuseOtherLevels(path)
        if className.hasPrefix("DPMSolver") { try requirePlusPlus(path) }
        let order = solverOrder ?? 2
        guard (1...3).contains(order) else {
            throw InputError("\(path): solver_order", expected: "1 to 3", found: "\(order)", as: .modelConfiguration)
        }
        return Solver.DPMSettings(
            order: order, variant: solverType == "heun" ? .heun : .midpoint, usesKarrasSigmas: useKarrasSigmas ?? false,
            lowersFinalOrder: lowerOrderFinal ?? true, endsWithEuler: eulerAtFinal ?? false,
            endsWithoutNoise: try endsWithoutNoise(kind, path))
    }

    private func requirePlusPlus(_ path: String) throws(InputError) {
        // diffusers takes this for its own name.
        let algorithm = algorithmType == "deis" ? "dpmsolver++" : algorithmType ?? "dpmsolver++"
        guard algorithm == "dpmsolver++" else {
            throw InputError(
                "\(path): algorithm_type", expected: "dpmsolver++", found: algorithm, as: .modelConfiguration)
        }
        let clipped = lambdaMinClipped ?? -.infinity
        guard clipped == -.infinity else {
            throw InputError(
                "\(path): lambda_min_clipped", expected: "-Infinity", found: "\(clipped)", as: .modelConfiguration)
        }
    }

    private func refuseOtherLevels(_ path: String) throws(InputError) {
        let settings = [
            ("use_exponential_sigmas", useExponentialSigmas), ("use_beta_sigmas", useBetaSigmas),
            ("use_lu_lambdas", useLuLambdas),
        ]
        for (name, value) in settings where value == true {
            throw InputError("\(path): \(name)", expected: "false", found: "true", as: .modelConfiguration)
        }
        guard useKarrasSigmas == true else { return }
        for (name, value) in [("sigma_min", sigmaMin), ("sigma_max", sigmaMax)] {
            guard let value else { continue }
            throw InputError(
                "\(path): \(name)", expected: "none with use_karras_sigmas", found: "\(value)", as: .modelConfiguration)
        }
    }
}
