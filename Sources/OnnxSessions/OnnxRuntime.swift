import COnnxRuntime
import Files
import Foundation
import InputErrors
import Synchronization

/// The ONNX Runtime library with its one environment: opened at run time, once a process, never closed.
public final class OnnxRuntime: @unchecked Sendable {
    /// The library's version: `1.31.1`.
    public let version: String
    /// The path or name under which the library was opened.
    public let path: String
    /// The execution providers the library was built with: `CPUExecutionProvider`, …
    public let providers: [String]

    let api: UnsafePointer<CortApi>
    let environment: OpaquePointer
    let cpuMemory: OpaquePointer
    let allocator: OpaquePointer

    private static let opened = Mutex<OnnxRuntime?>(nil)

    /// The process's runtime, opened at the first call.
    /// - Parameter library: see `ExecutionOptions.library`; a second call with another library is refused.
    /// - Throws: `InputError` that lists every path that was tried and why it did not do.
    public static func open(_ library: String? = nil) throws -> OnnxRuntime {
        try opened.withLock { opened in
            if let opened {
                let canonical = { (path: String) in URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
                guard let library, !candidates(library).map(canonical).contains(canonical(opened.path)) else {
                    return opened
                }
                throw InputError(
                    library, expected: "the library that this process has already opened, \(opened.path)",
                    found: "another one",
                    as: .invalidSetting)
            }
            let runtime = try OnnxRuntime(firstOf: candidates(library), isExplicit: library != nil)
            opened = runtime
            return runtime
        }
    }

    /// Opens the first candidate that is ONNX Runtime, with an environment of its own.
    package init(firstOf candidates: [String], isExplicit: Bool) throws {
        var failures: [String] = []
        for candidate in candidates {
            let library = RawPath(candidate).withCString { cort_open($0) }
            if let error = library.error {
                failures.append("\(candidate) (\(Self.reason(String(cString: error), without: candidate)))")
                free(error)
            }
            guard let api = library.api, let version = library.version else { continue }
            do throws(OnnxRuntimeError) {
                self.api = api
                self.version = String(cString: version)
                path = candidate
                environment = try api.make { api.pointee.CreateEnv(Int32(CORT_LOG_FATAL), "ringkey", $0) }
                cpuMemory = try api.make {
                    api.pointee.CreateCpuMemoryInfo(Int32(CORT_ALLOCATOR_DEVICE), Int32(CORT_MEMORY_DEFAULT), $0)
                }
                allocator = try api.make { api.pointee.GetAllocatorWithDefaultOptions($0) }
                providers = try Self.availableProviders(api)
                return
            } catch {
                throw InputError(candidate, expected: "a working ONNX Runtime", found: error.message, as: .runtime)
            }
        }
        throw InputError(
            "libonnxruntime",
            expected: isExplicit
                ? "ONNX Runtime 1.\(CORT_API_VERSION) or newer at the given path"
                : "ONNX Runtime 1.\(CORT_API_VERSION) or newer",
            found: failures.isEmpty ? "no candidate" : "none, tried " + failures.joined(separator: ", "), as: .runtime)
    }

    private static func availableProviders(_ api: UnsafePointer<CortApi>) throws(OnnxRuntimeError) -> [String] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        try api.check(api.pointee.GetAvailableProviders(&names, &count))
        guard let names else { return [] }
        let providers = (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
        try api.check(api.pointee.ReleaseAvailableProviders(names, count))
        return providers
    }

    /// The loader's text without the path that it repeats.
    private static func reason(_ text: String, without path: String) -> String {
        text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
    }
}

/// A refusal by ONNX Runtime itself.
struct OnnxRuntimeError: Error {
    /// `OrtErrorCode`.
    let code: Int32
    /// The library's text on one line.
    let message: String
}

extension UnsafePointer<CortApi> {
    /// Throws what a status stands for and releases it; nil is success.
    func check(_ status: OpaquePointer?) throws(OnnxRuntimeError) {
        guard let status else { return }
        let text = pointee.GetErrorMessage(status).map { String(cString: $0) } ?? "no message"
        let error = OnnxRuntimeError(
            code: pointee.GetErrorCode(status),
            message: text.split(whereSeparator: \.isNewline).joined(separator: " "))
        pointee.ReleaseStatus(status)
        throw error
    }

    /// The handle that a creating function writes.
    func make(_ create: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?) throws(OnnxRuntimeError)
        -> OpaquePointer
    {
        var handle: OpaquePointer?
        try check(create(&handle))
        guard let handle else { throw OnnxRuntimeError(code: 1, message: "no handle was made") }
        return handle
    }
}
