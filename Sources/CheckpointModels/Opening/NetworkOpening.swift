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
    package init(
        _ part: CheckpointPart, isQuantizable: Bool, _ options: ExecutionOptions, _ environment: [String: String]
    ) {
        precondition(options.precision != .auto, "the precision auto of \(part.name) was not resolved")
        self.part = part
        self.options = options
        self.environment = environment
        precision = isQuantizable ? options.precision : .float32
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
            let (prepared, graph) = try PreparedWeights.make(
                for: weights, name: name, environment, progress: { options.preparation?($0) },
                build: { try build(weights, Quantization($0, size: size)) })
            // Without this the file could be gone before it is mapped.
            return try withExtendedLifetime(prepared) {
                try Session(graph: graph, named: part.name, options: options.runningAsBuilt)
            }
        }
    }

}

extension ExecutionOptions {
    /// The same with what `auto` stands for, once for all networks of a checkpoint, so that results that say int8 are
    /// alike: the largest of those that can be int8 decides.
    /// - Throws: `InputError` for weights that cannot be read.
    func resolvingPrecision(_ parts: [CheckpointPart]) throws -> ExecutionOptions {
        guard precision == .auto else { return self }
        var options = self
        // Other processors have no kernels for products of 8-bit integers.
        let isProcessor = provider.lowercased().hasPrefix("cpu")
        let largest = try parts.map { try $0.weights().parameterCount }.max() ?? 0
        options.precision = isProcessor ? precision.resolved(parameterCount: largest, on: .current) : .float32
        return options
    }

    /// The same for graphs that have nothing to be optimised.
    fileprivate var runningAsBuilt: ExecutionOptions {
        var options = self
        if optimization == .full { options.optimization = .packed }
        return options
    }
}
