import COnnxRuntime
import Foundation
import InputErrors
import Models

/// One graph, loaded and optimised. Running it is thread-safe.
public final class Session: @unchecked Sendable {
    /// The model file.
    public let path: String
    /// The inputs in the graph's order.
    public let inputs: [TensorPort]
    /// The outputs in the graph's order.
    public let outputs: [TensorPort]

    let runtime: OnnxRuntime
    let handle: OpaquePointer
    let inputNames: [UnsafePointer<CChar>?]
    let outputNames: [UnsafePointer<CChar>?]

    /// Loads a model file.
    /// - Throws: `InputError` naming the file and what ONNX Runtime says of it, or the provider that there is not.
    public convenience init(contentsOf path: String, options: ExecutionOptions = ExecutionOptions()) throws {
        try self.init(named: path, options: options) { api, environment, settings, handle in
            api.pointee.CreateSession(environment, path, settings, handle)
        }
    }

    /// Loads a graph from memory, its external data from the files that it names below the root folder.
    /// - Parameters:
    ///   - graph: a `ModelProto`.
    ///   - name: what stands for it in errors.
    /// - Throws: `InputError` with the name and what ONNX Runtime says of the graph, or the provider that there is not.
    public convenience init(graph: Data, named name: String, options: ExecutionOptions = ExecutionOptions()) throws {
        try self.init(named: name, externalData: "/", options: options) { api, environment, settings, handle in
            graph.withUnsafeBytes { bytes in
                // The pointer is nil for no bytes only, which no graph has.
                bytes.baseAddress.flatMap {
                    api.pointee.CreateSessionFromArray(environment, $0, bytes.count, settings, handle)
                }
            }
        }
    }

    private init(
        named path: String, externalData folder: String? = nil, options: ExecutionOptions,
        _ create: (
            UnsafePointer<CortApi>, OpaquePointer, OpaquePointer, UnsafeMutablePointer<OpaquePointer?>
        ) -> OpaquePointer?
    ) throws {
        let runtime = try OnnxRuntime.open(options.library)
        let api = runtime.api
        let settings = try runtime.makeSettings(options, externalData: folder)
        defer { api.pointee.ReleaseSessionOptions(settings) }
        let handle: OpaquePointer
        do {
            handle = try api.make { create(api, runtime.environment, settings, $0) }
        } catch {
            throw InputError(path, expected: "an ONNX model that loads", found: error.message, as: .modelGraph)
        }
        do {
            inputs = try Self.ports(of: handle, runtime, .inputs)
            outputs = try Self.ports(of: handle, runtime, .outputs)
        } catch {
            api.pointee.ReleaseSession(handle)
            throw InputError(path, expected: "tensors as inputs and outputs", found: error.message, as: .modelGraph)
        }
        self.path = path
        self.runtime = runtime
        self.handle = handle
        inputNames = inputs.map { UnsafePointer(strdup($0.name)) }
        outputNames = outputs.map { UnsafePointer(strdup($0.name)) }
    }

    deinit {
        runtime.api.pointee.ReleaseSession(handle)
        for name in inputNames + outputNames { free(UnsafeMutablePointer(mutating: name)) }
    }
}
