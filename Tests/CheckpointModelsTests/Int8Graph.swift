import Foundation
import Models
import OnnxSessions
import Tensors
import TestSupport

import CheckpointModels

/// Graphs in int8 with weights in a folder of their own.
struct Int8Graph {
    /// The open graph.
    let session: Session
    /// Where its weights are until it is gone.
    private let weights: PreparedWeights

    /// - Parameter build: makes the graph.
    init(
        _ weights: CheckpointWeights, size: ImageSize, largestBand: Int = 1 << 20, in folder: TemporaryFolder,
        _ build: (Quantization) throws -> Data
    ) throws {
        let prepared = try PreparedWeights(
            for: weights, name: "test", ["RINGKEY_CACHE": folder.path("cache")])
        let graph = try build(Quantization(prepared, size: size, largestBand: largestBand))
        try prepared.write()
        session = try Session(graph: graph, named: weights.name)
        self.weights = prepared
    }
}

extension Tensor {
    /// Of the images.
    var imageSize: ImageSize { ImageSize(height: shape[2], width: shape[3]) }

    /// ‖self - expected‖ / ‖expected‖.
    func relativeError(to expected: Tensor) -> Double {
        precondition(shape == expected.shape, "shapes \(shape) and \(expected.shape)")
        let pairs = zip(elements, expected.elements).map { (Double($0), Double($1)) }
        let error = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (error / pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot()
    }
}
