import NoiseSchedules

extension NoiseSchedule {
    /// The schedule of Stable Diffusion, with which the fixtures were made.
    package static func stableDiffusion(
        _ spacing: TimestepSpacing, stepsOffset: Int = 1, setsAlphaToOne: Bool = false
    ) -> NoiseSchedule {
        NoiseSchedule(
            betas: betas(.scaledLinear, from: 0.00085, to: 0.012, count: 1000), spacing: spacing,
            stepsOffset: stepsOffset, setsAlphaToOne: setsAlphaToOne)
    }
}
