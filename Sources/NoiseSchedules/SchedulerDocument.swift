/// The settings of `scheduler_config.json` that bear on the schedule, with the file's own names; nil where absent or null.
struct SchedulerDocument: Decodable {
    let className: String
    let predictionType: String?
    let numTrainTimesteps: Int?

    let betaSchedule: String?
    let betaStart: Double?
    let betaEnd: Double?
    let trainedBetas: [Float]?
    let timestepSpacing: String?
    let timestepType: String?
    let stepsOffset: Int?
    let setAlphaToOne: Bool?
    let finalSigmasType: String?
    let clipSample: Bool?
    let thresholding: Bool?
    let rescaleBetasZeroSNR: Bool?
    let useFlowSigmas: Bool?
    let flowShift: Double?

    let algorithmType: String?
    let solverOrder: Int?
    let solverType: String?
    let lowerOrderFinal: Bool?
    let eulerAtFinal: Bool?
    let useLuLambdas: Bool?
    let lambdaMinClipped: Double?

    let sigmaMin: Double?
    let sigmaMax: Double?

    let shift: Double?
    let shiftTerminal: Double?
    let scaleFactors: [Double]?
    let useDynamicShifting: Bool?
    let timeShiftType: String?
    let baseShift: Double?
    let maxShift: Double?
    let baseImageSequence: Int?
    let maxImageSequence: Int?
    let invertSigmas: Bool?
    let stochasticSampling: Bool?
    let useKarrasSigmas: Bool?
    let useExponentialSigmas: Bool?
    let useBetaSigmas: Bool?

    enum CodingKeys: String, CodingKey {
        case className = "_class_name"
        case predictionType = "prediction_type"
        case numTrainTimesteps = "num_train_timesteps"
        case betaSchedule = "beta_schedule"
        case betaStart = "beta_start"
        case betaEnd = "beta_end"
        case trainedBetas = "trained_betas"
        case timestepSpacing = "timestep_spacing"
        case timestepType = "timestep_type"
        case stepsOffset = "steps_offset"
        case setAlphaToOne = "set_alpha_to_one"
        case finalSigmasType = "final_sigmas_type"
        case clipSample = "clip_sample"
        case thresholding
        case rescaleBetasZeroSNR = "rescale_betas_zero_snr"
        case useFlowSigmas = "use_flow_sigmas"
        case flowShift = "flow_shift"
        case algorithmType = "algorithm_type"
        case solverOrder = "solver_order"
        case solverType = "solver_type"
        case lowerOrderFinal = "lower_order_final"
        case eulerAtFinal = "euler_at_final"
        case useLuLambdas = "use_lu_lambdas"
        case lambdaMinClipped = "lambda_min_clipped"
        case sigmaMin = "sigma_min"
        case sigmaMax = "sigma_max"
        case shift
        case shiftTerminal = "shift_terminal"
        case scaleFactors = "scale_factors"
        case useDynamicShifting = "use_dynamic_shifting"
        case timeShiftType = "time_shift_type"
        case baseShift = "base_shift"
        case maxShift = "max_shift"
        case baseImageSequence = "base_image_seq_len"
        case maxImageSequence = "max_image_seq_len"
        case invertSigmas = "invert_sigmas"
        case stochasticSampling = "stochastic_sampling"
        case useKarrasSigmas = "use_karras_sigmas"
        case useExponentialSigmas = "use_exponential_sigmas"
        case useBetaSigmas = "use_beta_sigmas"
    }
}
