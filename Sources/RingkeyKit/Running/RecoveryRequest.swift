import Attempts
import DecoderInversion
import Marks
import Models
import NoiseSchedules
import Registration
import Verification

/// How images are to be taken back to noise, as a user asks for it.
public struct RecoveryRequest: Sendable {
    /// The routes to take in turn until one decides.
    public var routes: [Route]
    /// How far to search for moved pictures.
    public var search: SearchExtent
    /// Whether an unpromising image is taken through all attempts too.
    public var isThorough: Bool
    /// Whether to take every route, even after one has decided.
    public var takesAllRoutes: Bool
    /// The solver of diffusion inversion; nil for the one that suits the model.
    public var solver: Solver?
    /// How its steps are inverted.
    public var inverse: NoiseRecovery.Inverse
    /// The prompt the images were made from; empty if it is not known.
    public var prompt: String
    /// Guidance of the inversion; 1 is right if the prompt is unknown.
    public var guidance: Double

    /// Chosen by measurement: docs/steps.md, and docs/one-step.md for models of one step.
    public static let defaultRoutes = [
        Route(.none, steps: 0), Route(.none, steps: 5), Route(InversionMethod(.anderson, evaluations: 4), steps: 10),
    ]

    /// A request; by default for images of unknown prompts.
    public init(
        routes: [Route] = defaultRoutes, search: SearchExtent = .full, isThorough: Bool = false,
        takesAllRoutes: Bool = false, solver: Solver? = nil, inverse: NoiseRecovery.Inverse = .naive,
        prompt: String = "",
        guidance: Double = 1
    ) {
        self.routes = routes
        self.search = search
        self.isThorough = isThorough
        self.takesAllRoutes = takesAllRoutes
        self.solver = solver
        self.inverse = inverse
        self.prompt = prompt
        self.guidance = guidance
    }

    /// The plan of attempts: the plain view by each route, and searches where a key can be searched for.
    /// - Parameter keys: made for this request's search.
    public func plan(for keys: KeySet) -> Plan { Plan(routes: routes, searching: keys.isSearched) }

    /// The recovery with a model.
    /// - Parameters:
    ///   - model: with the parts that the routes need.
    ///   - takesImages: whether images are to be taken back, or clean latents alone.
    public func recovery(_ model: any DiffusionModel, takesImages: Bool = true) throws -> NoiseRecovery {
        try NoiseRecovery(
            model,
            settings: .init(
                routes: routes, solver: solver, inverse: inverse, prompt: prompt, guidance: guidance,
                takesImages: takesImages))
    }

    /// The settings that change verdicts, and what they came to for the model, by the names that headers give them.
    func described(_ recovery: NoiseRecovery) -> [String: String] {
        [
            "looks": routes.map(\.description).joined(separator: ","), "search": search.rawValue,
            "thorough": "\(isThorough)", "all-looks": "\(takesAllRoutes)",
            "solver": recovery.solver.description, "inverse": inverse.rawValue, "prompt": prompt,
            "guidance": "\(guidance)",
        ]
    }
}
