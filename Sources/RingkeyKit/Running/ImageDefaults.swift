import NoiseSchedules

/// Default settings for making images; they depend on how many steps the model is made for.
public struct ImageDefaults: Sendable, Equatable {
    /// Steps of the solver.
    public let steps: Int
    /// Guidance; 1 for none.
    public let guidance: Double

    /// One step without guidance for a one-step model, 50 steps at guidance 3 for others.
    public static func of(_ scheduler: SchedulerConfiguration) -> ImageDefaults {
        scheduler.isForOneStep ? ImageDefaults(steps: 1, guidance: 1) : ImageDefaults(steps: 50, guidance: 3)
    }
}
