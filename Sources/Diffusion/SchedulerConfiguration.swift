import Foundation
import Tensors

/// What a model folder's `scheduler/scheduler_config.json` says, with the defaults of the diffusers class it names.
public struct SchedulerConfiguration: Sendable, Equatable {
    /// The diffusers class.
    public let className: String
    public let predictionType: PredictionType
    public let schedule: NoiseSchedule
    /// The schedule's β, in words: `scaled_linear 0.00085 ... 0.012, 1000 steps`.
    public let description: String

    private struct Document: Decodable {
        var className: String
        var predictionType: String?
        var betaSchedule: String?
        var betaStart: Double?
        var betaEnd: Double?
        var trainedBetas: [Float]?
        var numTrainTimesteps: Int?
        var timestepSpacing: String?
        var stepsOffset: Int?
        var setAlphaToOne: Bool?
        var clipSample: Bool?
        var thresholding: Bool?
        var rescaleBetasZeroSNR: Bool?

        enum CodingKeys: String, CodingKey {
            case className = "_class_name"
            case predictionType = "prediction_type"
            case betaSchedule = "beta_schedule"
            case betaStart = "beta_start"
            case betaEnd = "beta_end"
            case trainedBetas = "trained_betas"
            case numTrainTimesteps = "num_train_timesteps"
            case timestepSpacing = "timestep_spacing"
            case stepsOffset = "steps_offset"
            case setAlphaToOne = "set_alpha_to_one"
            case clipSample = "clip_sample"
            case thresholding
            case rescaleBetasZeroSNR = "rescale_betas_zero_snr"
        }
    }

    /// Classes of variance-preserving models, with their defaults for `timestep_spacing` and `set_alpha_to_one`. All are
    /// trained on the same kind of schedule; which sampler made an image is not written in it.
    private static let classes: [String: (spacing: String, setsAlphaToOne: Bool)] = [
        "DDIMScheduler": ("leading", true),
        "DDPMScheduler": ("leading", true),
        "PNDMScheduler": ("leading", false),
        "DPMSolverMultistepScheduler": ("linspace", true),
        "DPMSolverSinglestepScheduler": ("linspace", true),
        "UniPCMultistepScheduler": ("linspace", true),
        "EulerDiscreteScheduler": ("linspace", true),
        "EulerAncestralDiscreteScheduler": ("linspace", true),
        "LMSDiscreteScheduler": ("linspace", true),
    ]

    /// Reads the file's content; `path` stands for it in errors.
    /// - Throws: `InputError` naming the file and the setting that cannot be followed.
    public init(data: Data, named path: String) throws {
        guard let document = try? JSONDecoder().decode(Document.self, from: data) else {
            throw InputError(path, expected: "a scheduler configuration of diffusers", found: "other content")
        }
        guard let defaults = Self.classes[document.className] else {
            throw InputError(
                "\(path): _class_name", expected: "one of \(Self.classes.keys.sorted().joined(separator: ", "))",
                found: document.className)
        }
        for (name, value) in [
            ("thresholding", document.thresholding), ("rescale_betas_zero_snr", document.rescaleBetasZeroSNR),
            ("clip_sample", document.clipSample ?? (document.className == "DDIMScheduler")),
        ] where value == true {
            throw InputError("\(path): \(name)", expected: "false, as latent models have it", found: "true")
        }
        let spacingName = document.timestepSpacing ?? defaults.spacing
        guard let spacing = NoiseSchedule.Spacing(rawValue: spacingName) else {
            throw InputError("\(path): timestep_spacing", expected: "leading, linspace or trailing", found: spacingName)
        }
        let predictionName = document.predictionType ?? PredictionType.epsilon.rawValue
        guard let predictionType = PredictionType(rawValue: predictionName), predictionType != .flow else {
            throw InputError(
                "\(path): prediction_type", expected: "epsilon, v_prediction or sample", found: predictionName)
        }
        let count = document.numTrainTimesteps ?? 1000
        let offset = document.stepsOffset ?? 0
        guard (1...100_000).contains(count), (0..<count).contains(offset) else {
            throw InputError(
                "\(path): num_train_timesteps, steps_offset", expected: "1 to 100000, and an offset below",
                found: "\(count), \(offset)")
        }
        let betas: [Float]
        if let trained = document.trainedBetas {
            betas = trained
            description = "trained betas, \(trained.count) steps"
        } else {
            let name = document.betaSchedule ?? NoiseSchedule.BetaSchedule.linear.rawValue
            guard let kind = NoiseSchedule.BetaSchedule(rawValue: name) else {
                throw InputError("\(path): beta_schedule", expected: "linear or scaled_linear", found: name)
            }
            let (start, end) = (document.betaStart ?? 0.0001, document.betaEnd ?? 0.02)
            betas = start > 0 && end > 0 ? NoiseSchedule.betas(kind, from: start, to: end, count: count) : []
            description = "\(name) \(start) ... \(end), \(count) steps"
        }
        guard betas.count == count, betas.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw InputError("\(path): betas", expected: "\(count) numbers between 0 and 1", found: description)
        }
        className = document.className
        self.predictionType = predictionType
        schedule = NoiseSchedule(
            betas: betas, spacing: spacing, stepsOffset: offset,
            setsAlphaToOne: document.setAlphaToOne ?? defaults.setsAlphaToOne)
    }
}
