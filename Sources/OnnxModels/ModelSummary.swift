import Diffusion
import Foundation
import Tensors

/// What is in a model folder, for `ringkey models`.
public struct ModelSummary: Codable, Sendable {
    /// One graph.
    public struct Graph: Codable, Sendable {
        /// Which graph it is.
        public let part: ModelPart
        /// Bytes of the graph's file and of the external data.
        public let fileSize: Int
        /// Numbers in the weights.
        public let parameterCount: Int
        /// The exporter: `pytorch`.
        public let producer: String
        /// The version of ONNX's operator set.
        public let opset: Int
        /// Inputs, weights not among them.
        public let inputs: [GraphPort]
        /// Outputs.
        public let outputs: [GraphPort]
        /// Whether it draws random numbers, so that its output differs from call to call.
        public let isRandom: Bool
        /// Seconds that ONNX Runtime took to load it; nil where it was not tried or failed.
        public let loadSeconds: Double?
        /// Why it does not load.
        public let failure: String?
    }

    /// The folder's last path component.
    public let name: String
    /// The folder.
    public let path: String
    /// `_class_name` of `model_index.json`.
    public let pipeline: String?
    /// `_class_name` of the scheduler.
    public let scheduler: String?
    /// What the UNet returns.
    public let predictionType: PredictionType
    /// `4x32x32`.
    public let latentShape: String
    /// In pixels.
    public let imageHeight: Int
    /// In pixels.
    public let imageWidth: Int
    /// See `OnnxAutoencoder.scalingFactor`.
    public let scalingFactor: Double
    /// See `OnnxAutoencoder.shiftFactor`.
    public let shiftFactor: Double
    /// The SHA-256 that identifies the model.
    public let digest: String
    /// UNet, encoder, decoder and text encoder.
    public let graphs: [Graph]

    /// Whether every graph loads.
    public var isLoadable: Bool { graphs.allSatisfy { $0.failure == nil } }
}

extension ModelFolder {
    /// Reads the graphs' files and, unless `loading` is false, loads each one anew to see whether and how fast it does.
    /// A graph that does not load has a `failure`; a file that is no graph at all is thrown as `InputError`.
    public func summary(loading: Bool = true) throws -> ModelSummary {
        if loading { _ = try OnnxRuntime.open(options.library) }
        return ModelSummary(
            name: name, path: url.path, pipeline: configuration.index.className,
            scheduler: configuration.scheduler.className, predictionType: predictionType,
            latentShape: latentShape.description, imageHeight: imageSize.height, imageWidth: imageSize.width,
            scalingFactor: autoencoder.scalingFactor, shiftFactor: autoencoder.shiftFactor,
            digest: try digest().sha256, graphs: try ModelPart.graphs.map { try summary(of: $0, loading: loading) })
    }

    private func summary(of part: ModelPart, loading: Bool) throws -> ModelSummary.Graph {
        let url = file(part, "model.onnx")
        let graph = try OnnxFile(url)
        let external = try graph.externalFiles.reduce(0) { try $0 + ModelFile.requiredSize(file(part, $1)) }
        var (seconds, failure): (Double?, String?) = (nil, nil)
        if loading {
            let clock = ContinuousClock()
            let start = clock.now
            do {
                _ = try Session(contentsOf: url.path, options: options)
                seconds = start.duration(to: clock.now) / .seconds(1)
            } catch let error as InputError {
                failure = error.found
            }
        }
        return ModelSummary.Graph(
            part: part, fileSize: try ModelFile.requiredSize(url) + external, parameterCount: graph.parameterCount,
            producer: graph.producer, opset: graph.opset, inputs: graph.inputs, outputs: graph.outputs,
            isRandom: graph.isRandom, loadSeconds: seconds, failure: failure)
    }
}
