import COnnxRuntime
import Foundation
import Synchronization
import Tensors

/// ONNX Runtime, loaded at run time; nothing of it is linked. One process loads one library.
public final class OnnxRuntime: @unchecked Sendable {
    let api: CortApi
    let environment: OpaquePointer
    let memoryInfo: OpaquePointer
    /// `1.31.1`.
    public let version: String
    /// Where the library was found.
    public let path: String

    private static let loaded = Mutex<OnnxRuntime?>(nil)

    /// The process's runtime; loaded at the first call.
    /// - Parameter explicitPath: the library to load, and no other; nil for `RINGKEY_ONNXRUNTIME`, then `.deps`, then an
    ///   installed ringkey's own copy, then the system's.
    /// - Throws: `InputError` with every place that was tried.
    public static func shared(explicitPath: String? = nil) throws -> OnnxRuntime {
        try loaded.withLock { current in
            if let current { return current }
            let runtime = try OnnxRuntime(explicitPath: explicitPath)
            current = runtime
            return runtime
        }
    }

    private init(explicitPath: String?) throws {
        let fromEnvironment = ProcessInfo.processInfo.environment["RINGKEY_ONNXRUNTIME"] ?? ""
        let candidates: [String]
        if let explicitPath {
            candidates = [explicitPath]
        } else if !fromEnvironment.isEmpty {
            candidates = [fromEnvironment]
        } else {
            candidates = Self.usualPlaces()
        }
        var tried: [String] = []
        var runtime = CortRuntime()
        for candidate in candidates {
            // dlopen takes a name without a slash for one of the system's libraries.
            if cort_open(&runtime, candidate) == 0 { break }
            tried.append("\(candidate) (\(runtime.error.map { String(cString: $0) } ?? "unknown error"))")
            free(runtime.error)
        }
        guard let api = runtime.api?.pointee, let version = runtime.version else {
            throw InputError(
                "ONNX Runtime", expected: "libonnxruntime 1.18 or later (run `make deps`, or give --onnxruntime FILE)",
                found: "none; tried \(tried.joined(separator: ", "))")
        }
        self.api = api
        self.version = String(cString: version)
        path = candidates[tried.count]
        var environment: OpaquePointer?
        // Failed nodes would be printed on stderr below "fatal"; their message comes in the status anyway.
        try Self.check(api, api.CreateEnv(Int32(CORT_LOG_FATAL), "ringkey", &environment), subject: path)
        var memoryInfo: OpaquePointer?
        try Self.check(
            api, api.CreateCpuMemoryInfo(Int32(CORT_ALLOC_DEVICE), Int32(CORT_MEM_DEFAULT), &memoryInfo), subject: path)
        guard let environment, let memoryInfo else {
            throw InputError(path, expected: "an environment of ONNX Runtime", found: "none")
        }
        self.environment = environment
        self.memoryInfo = memoryInfo
    }

    private static func usualPlaces() -> [String] {
        var folders = [FileManager.default.currentDirectoryPath]
        if var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() {
            for _ in 0..<5 {
                folders.append(folder.path)
                folder.deleteLastPathComponent()
            }
        }
        let copies = folders.flatMap { folder in
            [folder + "/.deps/onnxruntime/capi", folder + "/lib/ringkey"].flatMap { place in
                ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [])
                    .filter { $0.hasPrefix("libonnxruntime.so") }.sorted().map { "\(place)/\($0)" }
            }
        }
        return copies + ["libonnxruntime.so.1", "libonnxruntime.so"]
    }

    /// Execution providers that this build of the library has.
    public func availableProviders() throws -> [String] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        try check(api.GetAvailableProviders(&names, &count), subject: path)
        guard let names else { return [] }
        defer { if let status = api.ReleaseAvailableProviders(names, count) { api.ReleaseStatus(status) } }
        return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
    }

    /// Turns a status into an error that names its subject.
    func check(_ status: OpaquePointer?, subject: String, expected: String = "a model that ONNX Runtime can run") throws
    {
        try Self.check(api, status, subject: subject, expected: expected)
    }

    private static func check(
        _ api: CortApi, _ status: OpaquePointer?, subject: String, expected: String = "ONNX Runtime to start"
    ) throws {
        guard let status else { return }
        defer { api.ReleaseStatus(status) }
        throw InputError(
            subject, expected: expected, found: api.GetErrorMessage(status).map { String(cString: $0) } ?? "an error")
    }
}
