import Files
import Foundation
import InputErrors

/// What a model folder's `scheduler/scheduler_config.json` says, with the defaults of the diffusers class it names.
///
/// How the model was trained, which is all that taking images back needs, is the same for every sampler of a class; the
/// sampler itself is `solver()`. What each class's timesteps mean here is in docs/diffusion.md.
public struct SchedulerConfiguration: Sendable, Equatable {
    /// The diffusers class.
    public let className: String
    /// What the model returns.
    public let predictionType: PredictionType
    /// What the model was trained on, and the timesteps of a run. Its shift may depend on the size of the latents: then it
    /// has steps only after `NoiseSchedule.fitted`, which `DiffusionSolver` sees to.
    public let schedule: NoiseSchedule
    /// The schedule in words: `scaled_linear 0.00085 ... 0.012, 1000 steps`.
    public let description: String
    private let namedSolver: Result<Solver, InputError>

    /// The sampler that the file names, or the one of this package that follows the same ODE most closely: DDIM for PNDM,
    /// Euler, Heun, LMS, the consistency models' and the stochastic samplers, a DPM-Solver++ for Karras's levels, for the
    /// single-step DPM-Solver, DEIS, UniPC and SA-Solver.
    /// - Throws: `InputError` naming the file and the setting of the sampler that cannot be followed. The model can then
    ///   still be used with another solver.
    public func solver() throws -> Solver { try namedSolver.get() }

    /// Whether the model is a rectified flow that was distilled to one step, as InstaFlow (Liu et al. 2024).
    public var isForOneStep: Bool { predictionType == .velocity }

    /// Reads the file's content.
    /// - Parameters:
    ///   - data: the content.
    ///   - path: stands for the file in errors.
    ///   - pipeline: the class of the model's pipeline, where it is known. `RectifiedFlowPipeline` (InstaFlow) uses the
    ///     scheduler's file for nothing, and FLUX's (`FluxPipeline`) lay out the σ of a run by themselves.
    /// - Throws: `InputError` naming the file and the setting that cannot be followed, or that makes a schedule whose noise
    ///   does not rise from step to step.
    public init(data: Data, named path: String, pipeline: String? = nil) throws {
        let document = try SchedulerDocument(data: data, named: path)
        className = document.className
        predictionType = try document.prediction(pipeline: pipeline, path)
        if pipeline == Self.oneStepPipeline {
            (schedule, description) = (.rectifiedFlow(shift: 1), "rectified flow of \(Self.oneStepPipeline)")
            namedSolver = .success(.flow)
        } else if SchedulerClass.flows.contains(className) {
            (schedule, description) = try document.flow(pipeline: pipeline, path)
            namedSolver = .success(.flow)
        } else {
            let kind = try document.kind(path)
            (schedule, description) = try document.schedule(kind, predictionType, path)
            do throws(InputError) {
                namedSolver = .success(try document.solver(kind, path))
            } catch {
                namedSolver = .failure(error)
            }
        }
    }

    /// The pipeline of models whose output is a velocity.
    static let oneStepPipeline = "RectifiedFlowPipeline"

    /// What a model returns by its scheduler's file; for parameters and errors see `init`.
    package static func predictionType(data: Data, named path: String, pipeline: String?) throws -> PredictionType {
        try SchedulerDocument(data: data, named: path).prediction(pipeline: pipeline, path)
    }
}
