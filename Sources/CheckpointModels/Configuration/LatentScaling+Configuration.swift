import Models

extension LatentScaling {
    /// Reads `scaling_factor` with `shift_factor` or, where both are given, with `latents_mean` and `latents_std`.
    /// - Parameters:
    ///   - channels: of the latents.
    ///   - standardFactor: where the file has no `scaling_factor`.
    /// - Throws: `InputError` for another count of numbers, and for a factor or a deviation of 0.
    package init(_ file: NetworkConfiguration, channels: Int, standardFactor: Double) throws {
        let factor = try file.number("scaling_factor", default: standardFactor)
        let shift = try file.number("shift_factor", default: 0)
        let means = try file.numbers("latents_mean", count: channels)
        let deviations = try file.numbers("latents_std", count: channels)
        guard factor != 0 else { throw file.refusal("scaling_factor", "a number other than 0", .number(factor)) }
        guard let means, let deviations else {
            self.init(factor: factor, shift: shift)
            return
        }
        guard !deviations.contains(0) else {
            throw file.refusal("latents_std", "numbers other than 0", .list(deviations.map { .number($0) }))
        }
        self.init(factor: factor, means: means, deviations: deviations)
    }
}
