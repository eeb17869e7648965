/// A diffusers class of variance-preserving schedulers: what it assumes where its file is silent, and which settings it has.
/// A setting that a class does not have is left over from another one, and diffusers passes over it.
struct SchedulerClass {
    /// How its own timesteps come about, and what is nearest to it here.
    enum Family {
        /// DDIM's timesteps: steps of DDIM.
        case ddim
        /// Levels σ/α at DDIM's timesteps, perhaps with a second evaluation between: steps of DDIM, or of order 1 at Karras's
        /// levels.
        case levels
        /// n of n + 1 timesteps, linear multistep: DPM-Solver++.
        case multistep
    }

    var family: Family
    var betaStart = 0.0001
    var betaEnd = 0.02
    var betaSchedule = BetaSchedule.linear
    var spacing = TimestepSpacing.linspace
    /// Whether the file can name another spacing.
    var hasSpacing = true
    /// `set_alpha_to_one` where the class has it.
    var setsAlphaToOne: Bool?
    var hasFinalSigmas = false
    /// Without `final_sigmas_type` and `set_alpha_to_one`: whether a run ends at σ = 0, or with the first training step's.
    var endsWithoutNoise = true
    var hasKarrasSigmas = false
    var clipsSample = false
    /// What takes the place of a last ᾱ of 0; nil where the class has no `rescale_betas_zero_snr`.
    var terminalAlphaCumulative: Double?

    private static let liftedAlpha = 0x1p-24
    private static let ddim = SchedulerClass(
        family: .ddim, spacing: .leading, setsAlphaToOne: true, clipsSample: true, terminalAlphaCumulative: 0)
    private static let ddpm = SchedulerClass(
        family: .ddim, spacing: .leading, clipsSample: true, terminalAlphaCumulative: 0)
    /// Both take every k-th of 50 timesteps counted back from the last, whatever spacing the file names.
    private static let consistency = SchedulerClass(
        family: .ddim, betaStart: 0.00085, betaEnd: 0.012, betaSchedule: .scaledLinear, spacing: .trailing,
        hasSpacing: false, setsAlphaToOne: true, terminalAlphaCumulative: 0)
    private static let secondOrder = SchedulerClass(
        family: .levels, betaStart: 0.00085, betaEnd: 0.012, hasKarrasSigmas: true)
    private static let exponential = SchedulerClass(family: .multistep, endsWithoutNoise: false, hasKarrasSigmas: true)

    static let all: [String: SchedulerClass] = [
        "DDIMScheduler": ddim, "DDIMInverseScheduler": ddim, "DDIMParallelScheduler": ddim,
        "DDPMScheduler": ddpm, "DDPMParallelScheduler": ddpm,
        "PNDMScheduler": SchedulerClass(family: .ddim, spacing: .leading, setsAlphaToOne: false),
        "LCMScheduler": consistency, "TCDScheduler": consistency,
        "RePaintScheduler": SchedulerClass(family: .ddim, spacing: .leading, hasSpacing: false, clipsSample: true),
        "UnCLIPScheduler": SchedulerClass(
            family: .ddim, betaSchedule: .squaredCosine, hasSpacing: false, clipsSample: true),
        "EulerDiscreteScheduler": SchedulerClass(
            family: .levels, hasFinalSigmas: true, hasKarrasSigmas: true, terminalAlphaCumulative: liftedAlpha),
        "EulerAncestralDiscreteScheduler": SchedulerClass(family: .levels, terminalAlphaCumulative: liftedAlpha),
        "LMSDiscreteScheduler": SchedulerClass(family: .levels, hasKarrasSigmas: true),
        "HeunDiscreteScheduler": secondOrder, "KDPM2DiscreteScheduler": secondOrder,
        "KDPM2AncestralDiscreteScheduler": secondOrder, "DPMSolverSDEScheduler": secondOrder,
        "DPMSolverMultistepScheduler": SchedulerClass(
            family: .multistep, hasFinalSigmas: true, hasKarrasSigmas: true, terminalAlphaCumulative: liftedAlpha),
        "DPMSolverMultistepInverseScheduler": SchedulerClass(family: .multistep, hasKarrasSigmas: true),
        "DPMSolverSinglestepScheduler": SchedulerClass(
            family: .multistep, hasSpacing: false, hasFinalSigmas: true, hasKarrasSigmas: true),
        "UniPCMultistepScheduler": SchedulerClass(
            family: .multistep, hasFinalSigmas: true, hasKarrasSigmas: true, terminalAlphaCumulative: liftedAlpha),
        "DEISMultistepScheduler": exponential, "SASolverScheduler": exponential,
    ]

    /// The classes of rectified flows.
    static let flows: Set<String> = [
        "FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler", "FlowMatchLCMScheduler",
    ]
}
