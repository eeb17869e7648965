import Files
import Foundation
import InputErrors

/// What a model folder's `scheduler/scheduler_config.json` says, with the defaults of the diffusers class it names.
///
/// How the model was trained and which timesteps are visited is the same for every sampler of a class; the sampler itself is
/// `solver()`.
public struct SchedulerConfiguration: Sendable, Equatable {
    /// The diffusers class.
    public let className: String
    /// What the model returns.
    public let predictionType: PredictionType
    /// What the model was trained on, and the timesteps of a run.
    public let schedule: NoiseSchedule
    /// The schedule in words: `scaled_linear 0.00085 ... 0.012, 1000 steps`.
    public let description: String
    private let namedSolver: Result<Solver, InputError>

    /// The sampler that the file names, or the one of this package that follows the same ODE most closely: DDIM for PNDM,
    /// Euler, LMS and the stochastic samplers, a DPM-Solver++ for Euler with Karras's levels, for the single-step DPM-Solver
    /// and for UniPC.
    /// - Throws: `InputError` naming the file and the setting of the sampler that cannot be followed. The model can then
    ///   still be used with another solver.
    public func solver() throws -> Solver { try namedSolver.get() }

    /// Whether the model is a rectified flow that was distilled to one step, as InstaFlow (Liu et al. 2024).
    public var isForOneStep: Bool { predictionType == .velocity }

    /// What a class of variance-preserving schedulers assumes where its file is silent.
    private struct Defaults {
        var spacing = TimestepSpacing.linspace
        var setsAlphaToOne = true
        var clipsSample = false
        /// ᾱ that replaces a last ᾱ of 0.
        var terminalAlphaCumulative = 0x1p-24
    }

    private static let classes: [String: Defaults] = [
        "DDIMScheduler": Defaults(spacing: .leading, clipsSample: true, terminalAlphaCumulative: 0),
        "DDPMScheduler": Defaults(spacing: .leading, clipsSample: true, terminalAlphaCumulative: 0),
        "PNDMScheduler": Defaults(spacing: .leading, setsAlphaToOne: false),
        "DPMSolverMultistepScheduler": Defaults(),
        "DPMSolverSinglestepScheduler": Defaults(),
        "UniPCMultistepScheduler": Defaults(),
        "EulerDiscreteScheduler": Defaults(),
        "EulerAncestralDiscreteScheduler": Defaults(),
        "LMSDiscreteScheduler": Defaults(),
    ]
    private static let flowClass = "FlowMatchEulerDiscreteScheduler"

    /// Reads the file's content; `path` stands for it in errors.
    /// - Throws: `InputError` naming the file and the setting that cannot be followed.
    public init(data: Data, named path: String) throws {
        let document = try JSONReader.decode(
            SchedulerDocument.self, from: data, named: path, dialect: .python, as: .modelConfiguration)
        className = document.className
        do throws(InputError) {
            namedSolver = .success(try document.solver(path))
        } catch {
            namedSolver = .failure(error)
        }
        if className == Self.flowClass {
            (schedule, description) = try Self.flow(document, path)
            predictionType = try Self.velocity(document, path)
            return
        }
        guard let defaults = Self.classes[className] else {
            let known = (Self.classes.keys + [Self.flowClass]).sorted().joined(separator: ", ")
            throw InputError(
                "\(path): _class_name", expected: "one of \(known)", found: className, as: .modelConfiguration)
        }
        try Self.refuse(
            [
                ("thresholding", document.thresholding), ("clip_sample", document.clipSample ?? defaults.clipsSample),
            ], path, "false, as latent models have it")
        if document.useFlowSigmas == true {
            (schedule, description) = try Self.flowOfDPMSolver(document, path)
            predictionType = try Self.velocity(document, path)
            return
        }
        predictionType = try Self.predictionType(document, path)
        (schedule, description) = try Self.variancePreserving(document, defaults, predictionType, path)
    }

    private static func refuse(_ settings: [(name: String, value: Bool?)], _ path: String, _ expected: String) throws {
        for (name, value) in settings where value == true {
            throw InputError("\(path): \(name)", expected: expected, found: "true", as: .modelConfiguration)
        }
    }

    private static func predictionType(_ document: SchedulerDocument, _ path: String) throws -> PredictionType {
        let name = document.predictionType ?? PredictionType.epsilon.rawValue
        guard let type = PredictionType(rawValue: name), type != .flow, type != .velocity else {
            throw InputError(
                "\(path): prediction_type", expected: "epsilon, v_prediction or sample", found: name,
                as: .modelConfiguration)
        }
        return type
    }

    /// What a rectified flow's model returns; a file of InstaFlow says `velocity`, diffusers' own say nothing.
    private static func velocity(_ document: SchedulerDocument, _ path: String) throws -> PredictionType {
        let name = document.predictionType ?? PredictionType.flow.rawValue
        guard let type = PredictionType(rawValue: name), type == .flow || type == .velocity else {
            throw InputError(
                "\(path): prediction_type", expected: "flow_prediction or velocity", found: name,
                as: .modelConfiguration)
        }
        return type
    }

    private static func trainingSteps(_ document: SchedulerDocument, _ path: String) throws -> Int {
        let count = document.numTrainTimesteps ?? 1000
        guard (1...100_000).contains(count) else {
            throw InputError(
                "\(path): num_train_timesteps", expected: "1 to 100000", found: "\(count)", as: .modelConfiguration)
        }
        return count
    }

    private static func variancePreserving(
        _ document: SchedulerDocument, _ defaults: Defaults, _ predictionType: PredictionType, _ path: String
    ) throws -> (NoiseSchedule, String) {
        let spacingName = document.timestepSpacing ?? defaults.spacing.rawValue
        guard let spacing = TimestepSpacing(rawValue: spacingName) else {
            throw InputError(
                "\(path): timestep_spacing", expected: "leading, linspace or trailing", found: spacingName,
                as: .modelConfiguration)
        }
        let count = try trainingSteps(document, path)
        let offset = document.stepsOffset ?? 0
        guard (0..<count).contains(offset) else {
            throw InputError(
                "\(path): steps_offset", expected: "0 to \(count - 1)", found: "\(offset)", as: .modelConfiguration)
        }
        let finalSigmas = document.finalSigmasType ?? "zero"
        guard ["zero", "sigma_min"].contains(finalSigmas) else {
            throw InputError(
                "\(path): final_sigmas_type", expected: "zero or sigma_min", found: finalSigmas, as: .modelConfiguration
            )
        }
        var (betas, description) = try betas(document, count, path)
        let isRescaled = document.rescaleBetasZeroSNR ?? false
        if isRescaled {
            guard predictionType != .epsilon else {
                throw InputError(
                    "\(path): rescale_betas_zero_snr", expected: "false where prediction_type is epsilon",
                    found: "true", as: .modelConfiguration
                )
            }
            betas = BetaSchedule.rescaledToZeroTerminalSNR(betas)
            description += ", zero terminal SNR"
        }
        let schedule = NoiseSchedule(
            betas: betas, spacing: spacing, stepsOffset: offset,
            setsAlphaToOne: document.setAlphaToOne ?? (defaults.setsAlphaToOne && finalSigmas == "zero"),
            smallestAlphaCumulative: isRescaled ? defaults.terminalAlphaCumulative : 0)
        return (schedule, description)
    }

    private static func betas(_ document: SchedulerDocument, _ count: Int, _ path: String) throws -> ([Float], String) {
        let betas: [Float]
        let description: String
        if let trained = document.trainedBetas {
            betas = trained
            description = "trained betas, \(trained.count) steps"
        } else {
            let name = document.betaSchedule ?? BetaSchedule.linear.rawValue
            guard let kind = BetaSchedule(rawValue: name) else {
                throw InputError(
                    "\(path): beta_schedule",
                    expected: BetaSchedule.allCases.map(\.rawValue).joined(separator: ", "), found: name,
                    as: .modelConfiguration)
            }
            let (start, end) = (document.betaStart ?? 0.0001, document.betaEnd ?? 0.02)
            betas = start > 0 && end > 0 ? kind.betas(from: start, to: end, count: count) : []
            description =
                kind == .squaredCosine ? "\(name), \(count) steps" : "\(name) \(start) ... \(end), \(count) steps"
        }
        guard betas.count == count, betas.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw InputError(
                "\(path): betas", expected: "\(count) numbers between 0 and 1", found: description,
                as: .modelConfiguration)
        }
        return (betas, description)
    }

    private static func flow(_ document: SchedulerDocument, _ path: String) throws -> (NoiseSchedule, String) {
        try refuse(
            [
                ("use_dynamic_shifting", document.useDynamicShifting), ("invert_sigmas", document.invertSigmas),
                ("stochastic_sampling", document.stochasticSampling), ("use_karras_sigmas", document.useKarrasSigmas),
                ("use_exponential_sigmas", document.useExponentialSigmas), ("use_beta_sigmas", document.useBetaSigmas),
            ], path, "false")
        guard (document.shiftTerminal ?? 0) == 0 else {
            throw InputError(
                "\(path): shift_terminal", expected: "none", found: "\(document.shiftTerminal ?? 0)",
                as: .modelConfiguration)
        }
        return try rectifiedFlow("shift", document.shift, document, path)
    }

    private static func flowOfDPMSolver(_ document: SchedulerDocument, _ path: String) throws -> (NoiseSchedule, String)
    {
        try refuse([("use_dynamic_shifting", document.useDynamicShifting)], path, "false")
        guard document.finalSigmasType ?? "zero" == "zero" else {
            throw InputError(
                "\(path): final_sigmas_type", expected: "zero for a rectified flow",
                found: document.finalSigmasType ?? "none", as: .modelConfiguration)
        }
        return try rectifiedFlow("flow_shift", document.flowShift, document, path)
    }

    private static func rectifiedFlow(
        _ name: String, _ value: Double?, _ document: SchedulerDocument, _ path: String
    ) throws -> (NoiseSchedule, String) {
        let shift = value ?? 1
        guard shift > 0, shift.isFinite else {
            throw InputError(
                "\(path): \(name)", expected: "a number above 0", found: "\(shift)", as: .modelConfiguration)
        }
        let count = try trainingSteps(document, path)
        return (.rectifiedFlow(shift: shift, trainingSteps: count), "rectified flow, shift \(shift), \(count) steps")
    }
}
