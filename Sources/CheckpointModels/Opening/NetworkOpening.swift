import Foundation
import Models
import OnnxSessions

/// How one network of a checkpoint is opened: in which precision, and how much is done for speed.
package struct NetworkOpening {
    /// The network's part.
    package let part: CheckpointPart
    /// float32 or int8.
    package let precision: Precision
    private let options: ExecutionOptions
    private let environment: [String: String]

    /// - Parameters:
    ///   - isQuantizable: whether the network can compute in int8.
    ///   - environment: says where weights in int8 are kept.
    /// - Throws: `InputError` for weights that cannot be read, where their number decides.
    package init(
        _ part: CheckpointPart, isQuantizable: Bool, _ options: ExecutionOptions, _ environment: [String: String]
    ) throws {
        self.part = part
        self.options = options
        self.environment = environment
        precision = isQuantizable ? try Self.resolved(options, part) : .float32
    }

    /// The graphs of one network.
    /// - Parameters:
    ///   - name: the network's in its part, for its weights in int8.
    ///   - memory: what an item takes on its way through it.
    ///   - build: makes the graph, in int8 if it is told how.
    package func source(
        _ name: String, memory: WorkingMemory,
        _ build: @escaping @Sendable (CheckpointWeights, Quantization?) throws -> Data
    ) -> GraphSource {
        let (part, options, environment) = (part, options, environment)
        guard precision == .int8 else {
            return .anySize(memory: memory) {
                try Session(graph: build(part.weights(), nil), named: part.name, options: options)
            }
        }
        return .eachSize(memory: memory) { size in
            let weights = try part.weights()
            let prepared = try PreparedWeights(for: weights, name: name, environment)
            let graph = try build(weights, Quantization(prepared, size: size))
            try prepared.write { options.preparation?($0) }
            // Without this the file could be gone before it is mapped.
            return try withExtendedLifetime(prepared) {
                try Session(graph: graph, named: part.name, options: options.runningAsBuilt)
            }
        }
    }

    private static func resolved(_ options: ExecutionOptions, _ part: CheckpointPart) throws -> Precision {
        guard options.precision == .auto else { return options.precision }
        // Other processors have no kernels for products of 8-bit integers.
        guard options.provider.lowercased().hasPrefix("cpu") else { return .float32 }
        return options.precision.resolved(parameterCount: try part.weights().parameterCount, on: .current)
    }
}

extension ExecutionOptions {
    /// The same for graphs that have nothing to be optimised.
    fileprivate var runningAsBuilt: ExecutionOptions {
        var options = self
        if optimization == .full { options.optimization = .packed }
        return options
    }
}
