import COnnxRuntime
import InputErrors
import Models

extension OnnxRuntime {
    /// Session options: silent, with the optimisation, the threads and the provider asked for. The caller releases them.
    /// - Parameter folder: where a graph from memory has its external data.
    func makeSettings(_ options: ExecutionOptions, externalData folder: String?) throws -> OpaquePointer {
        if let threads = options.threads, threads < 1 {
            throw InputError("threads", expected: "1 or more", found: "\(threads)", as: .invalidSetting)
        }
        let provider = try resolve(provider: options.provider)
        var made: OpaquePointer?
        do throws(OnnxRuntimeError) {
            let settings = try api.make { api.pointee.CreateSessionOptions($0) }
            made = settings
            try api.check(api.pointee.SetSessionLogSeverityLevel(settings, Int32(CORT_LOG_FATAL)))
            try api.check(api.pointee.SetSessionGraphOptimizationLevel(settings, level(options.optimization)))
            if options.optimization == .quick {
                for (key, value) in Self.quickSettings {
                    try api.check(api.pointee.AddSessionConfigEntry(settings, key, value))
                }
            }
            if let folder {
                try api.check(api.pointee.AddSessionConfigEntry(settings, Self.externalDataFolder, folder))
            }
            // Waiting threads sleep: spinning ones take the cores from other images' work and from other programs.
            try api.check(api.pointee.AddSessionConfigEntry(settings, "session.intra_op.allow_spinning", "0"))
            // Patterns would allocate a graph's buffers once more at its second run, for no gain in speed.
            try api.check(api.pointee.DisableMemPattern(settings))
            if let threads = options.threads {
                try api.check(api.pointee.SetIntraOpNumThreads(settings, Int32(clamping: threads)))
            }
            try append(provider: provider, to: settings)
            return settings
        } catch {
            api.pointee.ReleaseSessionOptions(made)
            throw InputError(
                "provider \(options.provider)", expected: "one that works (\(offered))", found: error.message,
                as: .provider)
        }
    }

    /// Weights stay where they are: none is copied into the layout of a kernel, and those in half precision are made
    /// float32 when they are needed, not all at once.
    private static let quickSettings = [
        ("session.disable_prepacking", "1"), ("optimization.constant_folding_max_output_size_in_bytes", "65536"),
    ]

    private static let externalDataFolder = "session.model_external_initializers_file_folder_path"

    private func level(_ optimization: ExecutionOptions.Optimization) -> Int32 {
        switch optimization {
        case .full: Int32(CORT_OPTIMIZE_ALL)
        case .packed, .quick: Int32(CORT_OPTIMIZE_BASIC)
        }
    }

    /// The library's name for a provider given as `cuda`, `CUDA` or `CUDAExecutionProvider`.
    private func resolve(provider: String) throws -> String {
        let wanted = Self.shortName(provider.lowercased())
        guard let match = providers.first(where: { Self.shortName($0).lowercased() == wanted }) else {
            throw InputError(
                "provider \(provider)", expected: "one of \(offered)", found: "no such execution provider",
                as: .provider)
        }
        return match
    }

    /// The providers as they are given on the command line.
    private var offered: String { providers.map { Self.shortName($0).lowercased() }.sorted().joined(separator: ", ") }

    private static func shortName(_ provider: String) -> String {
        let suffix = "executionprovider"
        return provider.lowercased().hasSuffix(suffix) ? String(provider.dropLast(suffix.count)) : provider
    }

    private func append(provider: String, to settings: OpaquePointer) throws(OnnxRuntimeError) {
        switch provider {
        case "CPUExecutionProvider": return
        case "CUDAExecutionProvider":
            var options: UnsafeMutableRawPointer?
            try api.check(api.pointee.CreateCUDAProviderOptions(&options))
            guard let options else { throw OnnxRuntimeError(code: 1, message: "no options were made") }
            defer { api.pointee.ReleaseCUDAProviderOptions(options) }
            try api.check(api.pointee.AppendCUDA_V2(settings, options))
        default:
            // The generic function knows providers by short names, some in capitals only (XNNPACK, AZURE).
            let name = Self.shortName(provider)
            do {
                try api.check(api.pointee.SessionOptionsAppendExecutionProvider(settings, name, nil, nil, 0))
            } catch {
                let capitals = name.uppercased()
                guard capitals != name else { throw error }
                try api.check(api.pointee.SessionOptionsAppendExecutionProvider(settings, capitals, nil, nil, 0))
            }
        }
    }
}
