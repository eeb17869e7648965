import InputErrors

/// A solver of the probability-flow ODE, written `ddim`, `dpm++1`, `dpm++2m`, `dpm++3m` or `flow`, the DPM-Solvers also with
/// `-karras`.
public enum Solver: Sendable, Equatable, CustomStringConvertible {
    /// Deterministic DDIM (Song et al. 2021, eq. 12 with η = 0).
    case ddim
    /// DPM-Solver++ (Lu et al. 2022), multistep.
    case dpm(DPMSettings)
    /// Euler's steps on a rectified flow (Liu et al. 2023).
    case flow

    /// What a multistep DPM-Solver++ leaves open; names and defaults are those of diffusers.
    public struct DPMSettings: Sendable, Equatable {
        /// How the second-order correction of order 2 is weighed.
        public enum Variant: String, Sendable, CaseIterable {
            /// ½(1 - e^{-h}).
            case midpoint
            /// (e^{-h} - 1)/h + 1.
            case heun
        }

        /// 1, 2 or 3.
        public var order: Int
        /// Of order 2.
        public var variant: Variant
        /// Whether the levels are those of Karras et al. 2022 (eq. 5, ρ = 7) in place of the schedule's spacing.
        public var usesKarrasSigmas: Bool
        /// Whether runs of fewer than 15 steps end with lower orders.
        public var lowersFinalOrder: Bool
        /// Whether the last step is of order 1 in every run.
        public var endsWithEuler: Bool
        /// Whether the run ends at σ = 0 (`final_sigmas_type` zero) or with the noise of the first training step
        /// (`sigma_min`); a rectified flow always ends at 0.
        public var endsWithoutNoise: Bool

        /// Settings; by default diffusers' own.
        public init(
            order: Int = 2, variant: Variant = .midpoint, usesKarrasSigmas: Bool = false, lowersFinalOrder: Bool = true,
            endsWithEuler: Bool = false, endsWithoutNoise: Bool = true
        ) {
            precondition((1...3).contains(order), "order \(order)")
            self.order = order
            self.variant = variant
            self.usesKarrasSigmas = usesKarrasSigmas
            self.lowersFinalOrder = lowersFinalOrder
            self.endsWithEuler = endsWithEuler
            self.endsWithoutNoise = endsWithoutNoise
        }

        /// The order of step `index` of `count`; a step has at most as many earlier outputs as there were steps.
        /// - Parameter endsWithoutNoise: whether the run ends at σ = 0, where λ is infinite.
        package func order(_ index: Int, of count: Int, endsWithoutNoise: Bool) -> Int {
            let isShort = lowersFinalOrder && count < 15
            if index == count - 1, endsWithEuler || isShort || endsWithoutNoise { return 1 }
            let most = index == count - 2 && isShort ? 2 : order
            return min(order, most, index + 1)
        }
    }

    private static let suffix = "-karras"

    /// Reads a solver's name.
    /// - Throws: `InputError` for another name.
    public init(parsing text: String) throws {
        let usesKarrasSigmas = text.hasSuffix(Self.suffix)
        let name = usesKarrasSigmas ? String(text.dropLast(Self.suffix.count)) : text
        let orders = ["dpm++1": 1, "dpm++2m": 2, "dpm++3m": 3]
        if let order = orders[name] {
            self = .dpm(DPMSettings(order: order, usesKarrasSigmas: usesKarrasSigmas))
        } else if name == "ddim", !usesKarrasSigmas {
            self = .ddim
        } else if name == "flow", !usesKarrasSigmas {
            self = .flow
        } else {
            throw InputError(
                "solver", expected: "ddim, dpm++1, dpm++2m, dpm++3m (optionally with -karras) or flow", found: text,
                as: .invalidSetting)
        }
    }

    /// The solver with its run ending where the schedule's own steps end: at no noise, or at that of the first training step.
    ///
    /// A sampling run that ends at σ = 0 forgets what little noise its last step saw, and can hardly be inverted exactly.
    public func ending(as schedule: NoiseSchedule) -> Solver {
        guard case .dpm(var settings) = self else { return self }
        settings.endsWithoutNoise = schedule.level(at: -1).sigma == 0
        return .dpm(settings)
    }

    /// As it is written for `init(parsing:)`; settings other than the order and Karras's levels are not part of it.
    public var description: String {
        switch self {
        case .ddim: "ddim"
        case .flow: "flow"
        case .dpm(let settings):
            "dpm++\(settings.order)\(settings.order > 1 ? "m" : "")\(settings.usesKarrasSigmas ? Self.suffix : "")"
        }
    }
}
