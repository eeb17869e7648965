import Attempts
import DecoderInversion
import InputErrors
import Marks
import Models
import NoiseSchedules
import Registration
import Verification

/// How images are to be taken back to noise, as a user asks for it.
public struct RecoveryRequest: Sendable {
    /// The routes to take in turn until one decides; nil for the usual ones that the model has the parts for.
    public var routes: [Route]?
    /// A model whose autoencoder is looked through first, before the model's own.
    public var autoencoder: OpenModel?
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

    /// For models without a network that predicts noise: what the autoencoder alone shows.
    public static let defaultRoutesWithoutSteps = [
        Route(.none, steps: 0), Route(InversionMethod(.anderson, evaluations: 4), steps: 0),
    ]

    /// A request; by default for images of unknown prompts.
    public init(
        routes: [Route]? = nil, autoencoder: OpenModel? = nil, search: SearchExtent = .full, isThorough: Bool = false,
        takesAllRoutes: Bool = false, solver: Solver? = nil, inverse: NoiseRecovery.Inverse = .naive,
        prompt: String = "",
        guidance: Double = 1
    ) {
        self.routes = routes
        self.autoencoder = autoencoder
        self.search = search
        self.isThorough = isThorough
        self.takesAllRoutes = takesAllRoutes
        self.solver = solver
        self.inverse = inverse
        self.prompt = prompt
        self.guidance = guidance
    }

    /// The plan of attempts: the plain view by each route, and searches where a key can be searched for.
    /// - Parameters:
    ///   - keys: made for this request's search.
    ///   - recovery: of this request.
    public func plan(for keys: KeySet, _ recovery: NoiseRecovery) -> Plan {
        Plan(routes: recovery.settings.routes, searching: keys.isSearched)
    }

    /// The routes to take with a model: through the other autoencoder first, where there is one.
    public func routes(with model: any DiffusionModel) -> [Route] {
        let own = routes ?? (model.noisePredictor == nil ? Self.defaultRoutesWithoutSteps : Self.defaultRoutes)
        return [autoencoder].compactMap { $0.map { Route(.none, steps: 0, autoencoder: $0.model.name) } } + own
    }

    /// The other autoencoder at the size of the model's latents, by its name.
    private func substitutes(for model: any DiffusionModel) throws -> [String: any DiffusionModel] {
        guard let other = autoencoder?.model else { return [:] }
        guard other.latentShape.channels == model.latentShape.channels else {
            throw InputError(
                other.path,
                expected: "an autoencoder of \(model.latentShape.channels) channels, as the model's latents have",
                found: "\(other.latentShape.channels)", as: .modelConfiguration)
        }
        guard other.scale == model.scale else {
            throw InputError(
                other.path, expected: "an autoencoder of \(model.scale.height) pixels for a latent, as the model's",
                found: "\(other.scale.height)", as: .modelConfiguration)
        }
        return [other.name: try other.sized(model.latentShape)]
    }

    /// The recovery with a model.
    /// - Parameters:
    ///   - model: with the parts that the routes need.
    ///   - takesImages: whether images are to be taken back, or clean latents alone.
    ///   - loadsAhead: whether all parts are loaded at once, or each when an image first needs it.
    public func recovery(
        _ model: any DiffusionModel, takesImages: Bool = true, loadsAhead: Bool = true
    ) throws -> NoiseRecovery {
        try NoiseRecovery(
            model, substitutes: substitutes(for: model),
            settings: .init(
                routes: routes(with: model), solver: solver, inverse: inverse, prompt: prompt, guidance: guidance,
                takesImages: takesImages, loadsAhead: loadsAhead))
    }

    /// The settings that change verdicts, and what they came to for the model, by the names that headers give them.
    func described(_ recovery: NoiseRecovery) throws -> [String: String] {
        var other: [String: String] = [:]
        if let identity = try autoencoder?.identity() {
            other["autoencoder"] = identity.digest + (identity.precision.map { " in \($0.rawValue)" } ?? "")
        }
        if recovery.precision != .float32 { other["precision"] = recovery.precision.rawValue }
        return [
            "looks": recovery.settings.routes.map(\.description).joined(separator: ","), "search": search.rawValue,
            "thorough": "\(isThorough)", "all-looks": "\(takesAllRoutes)",
            "solver": recovery.solver.description, "inverse": inverse.rawValue, "prompt": prompt,
            "guidance": "\(guidance)",
        ].merging(other) { $1 }
    }
}
