import Diffusion

/// What images are made with where no flag says it: it depends on how many steps the model is made for.
struct ModelDefaults {
    /// Steps of the solver.
    let steps: Int
    /// Guidance; 1 for none.
    let guidance: Double

    static func of(_ scheduler: SchedulerConfiguration) -> ModelDefaults {
        scheduler.isForOneStep ? ModelDefaults(steps: 1, guidance: 1) : ModelDefaults(steps: 50, guidance: 3)
    }
}
