import NoiseSchedules

/// How a backend finds the library that runs its networks, how it runs them, and what it cannot learn from files.
public struct ExecutionOptions: Hashable, Sendable {
    /// Threads inside one operator, the caller's included; nil leaves the number to the library.
    public var threads: Int?
    /// The execution provider: `cpu`, `cuda`, or any that the library lists, with or without `ExecutionProvider`.
    public var provider: String
    /// How much is done for speed when a network is opened.
    public var optimization: Optimization
    /// The path of the library, or of a folder that holds it; nil looks in the usual places.
    public var library: String?

    /// What a model predicts, where its files do not tell; nil where nobody knows.
    public var prediction: PredictionType?
    /// In what numbers the networks of a checkpoint compute.
    public var precision: Precision
    /// Told of preparations that take long; nil for nobody.
    public var preparation: PreparationObserver?

    /// Options; without arguments the library's own number of threads on the CPU.
    public init(
        threads: Int? = nil, provider: String = "cpu", library: String? = nil, optimization: Optimization = .full,
        prediction: PredictionType? = nil, precision: Precision = .float32, preparation: PreparationObserver? = nil
    ) {
        self.threads = threads
        self.provider = provider
        self.library = library
        self.optimization = optimization
        self.prediction = prediction
        self.precision = precision
        self.preparation = preparation
    }

    /// The same with the fastest calls, whatever opening costs.
    public var fullyOptimizing: ExecutionOptions {
        var options = self
        options.optimization = .full
        return options
    }

    /// What opening a network may cost for faster calls.
    public enum Optimization: String, Hashable, Sendable {
        /// Calls as fast as they get, weights copied into the layouts that kernels like: pays from some dozens of calls
        /// on.
        case full
        /// The graph is run as it was built, weights copied into the layouts that kernels like.
        case packed
        /// Open at once, weights mapped from their files as they are: pays for a few calls.
        case quick
    }
}
