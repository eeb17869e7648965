/// How a backend finds the library that runs its networks, and how it runs them.
public struct ExecutionOptions: Hashable, Sendable {
    /// Threads inside one operator, the caller's included; nil leaves the number to the library.
    public var threads: Int?
    /// The execution provider: `cpu`, `cuda`, or any that the library lists, with or without `ExecutionProvider`.
    public var provider: String
    /// The path of the library, or of a folder that holds it; nil looks in the usual places.
    public var library: String?

    /// Options; without arguments the library's own number of threads on the CPU.
    public init(threads: Int? = nil, provider: String = "cpu", library: String? = nil) {
        self.threads = threads
        self.provider = provider
        self.library = library
    }
}
