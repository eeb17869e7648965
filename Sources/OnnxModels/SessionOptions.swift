import COnnxRuntime
import Tensors

/// How sessions are made.
public struct SessionOptions: Sendable {
    /// Threads for one call; nil lets ONNX Runtime take one a core.
    public var threads: Int?
    /// `CPU`, `CUDA`, or another execution provider's name, with or without `ExecutionProvider` at its end.
    public var provider: String

    public init(threads: Int? = nil, provider: String = "CPU") {
        self.threads = threads
        self.provider = provider
    }

    /// The provider's full name in the library's own spelling.
    /// - Throws: `InputError` listing the providers that the library has.
    func providerName(_ runtime: OnnxRuntime) throws -> String {
        let available = try runtime.availableProviders()
        let wanted = provider.lowercased()
        let match = available.first { [wanted, wanted + "executionprovider"].contains($0.lowercased()) }
        guard let match else {
            let names = available.map { $0.replacing("ExecutionProvider", with: "") }
            throw InputError("--provider", expected: "one of \(names.joined(separator: ", "))", found: provider)
        }
        return match
    }

    func make(_ runtime: OnnxRuntime) throws -> SessionOptionsHandle {
        let name = try providerName(runtime)
        let handle = try SessionOptionsHandle(runtime)
        let api = runtime.api
        try runtime.check(api.SetSessionLogSeverityLevel(handle.pointer, Int32(CORT_LOG_FATAL)), subject: "session")
        try runtime.check(
            api.SetSessionGraphOptimizationLevel(handle.pointer, Int32(CORT_OPT_ALL)), subject: "session")
        if let threads {
            try runtime.check(api.SetIntraOpNumThreads(handle.pointer, Int32(threads)), subject: "--threads")
        }
        switch name {
        case "CPUExecutionProvider": break
        case "CUDAExecutionProvider":
            var options: UnsafeMutableRawPointer?
            try runtime.check(api.CreateCUDAProviderOptions(&options), subject: "--provider \(provider)")
            guard let options else { break }
            defer { api.ReleaseCUDAProviderOptions(options) }
            try runtime.check(
                api.AppendCUDA_V2(handle.pointer, options), subject: "--provider \(provider)",
                expected: "a provider that starts")
        default:
            let short = name.replacing("ExecutionProvider", with: "")
            try runtime.check(
                api.SessionOptionsAppendExecutionProvider(handle.pointer, short, nil, nil, 0),
                subject: "--provider \(provider)", expected: "a provider that starts")
        }
        return handle
    }
}

/// Options of a session while it is being made.
final class SessionOptionsHandle {
    let pointer: OpaquePointer
    private let runtime: OnnxRuntime

    init(_ runtime: OnnxRuntime) throws {
        var pointer: OpaquePointer?
        try runtime.check(runtime.api.CreateSessionOptions(&pointer), subject: "session")
        guard let pointer else { throw InputError("session", expected: "options", found: "none") }
        self.pointer = pointer
        self.runtime = runtime
    }

    deinit { runtime.api.ReleaseSessionOptions(pointer) }
}
