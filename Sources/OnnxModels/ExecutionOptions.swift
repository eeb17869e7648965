/// How ONNX Runtime is found and how it runs graphs.
public struct ExecutionOptions: Hashable, Sendable {
    /// Threads inside one operator, the caller's included; nil leaves the number to ONNX Runtime (one a physical core).
    public var threads: Int?
    /// The execution provider: `cpu`, `cuda`, or any that the library lists, with or without `ExecutionProvider`.
    public var provider: String
    /// The path of libonnxruntime, or of a folder that holds it; nil looks in the usual places
    /// (see `OnnxRuntime.candidates`).
    public var library: String?

    /// Options; without arguments ONNX Runtime's own number of threads on the CPU.
    public init(threads: Int? = nil, provider: String = "cpu", library: String? = nil) {
        self.threads = threads
        self.provider = provider
        self.library = library
    }
}
