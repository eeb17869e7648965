import Foundation
import NoiseSchedules

/// What is in a model: its sizes, factors and networks, and whether they load.
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
        public let inputs: [TensorPort]
        /// Outputs.
        public let outputs: [TensorPort]
        /// Whether it draws random numbers, so that its output differs from call to call.
        public let isRandom: Bool
        /// Seconds that it took to load; nil where it was not tried or failed.
        public let loadSeconds: Double?
        /// Why it does not load.
        public let failure: String?

        /// A graph of these properties.
        public init(
            part: ModelPart, fileSize: Int, parameterCount: Int, producer: String, opset: Int, inputs: [TensorPort],
            outputs: [TensorPort], isRandom: Bool, loadSeconds: Double?, failure: String?
        ) {
            self.part = part
            self.fileSize = fileSize
            self.parameterCount = parameterCount
            self.producer = producer
            self.opset = opset
            self.inputs = inputs
            self.outputs = outputs
            self.isRandom = isRandom
            self.loadSeconds = loadSeconds
            self.failure = failure
        }
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
    /// What latents are multiplied by after encoding.
    public let scalingFactor: Double
    /// What is subtracted from latents before they are scaled.
    public let shiftFactor: Double
    /// The SHA-256 that identifies the model.
    public let digest: String
    /// UNet, encoder, decoder and text encoder.
    public let graphs: [Graph]

    /// A summary of these properties.
    public init(
        name: String, path: String, pipeline: String?, scheduler: String?, predictionType: PredictionType,
        latentShape: String, imageHeight: Int, imageWidth: Int, scalingFactor: Double, shiftFactor: Double,
        digest: String, graphs: [Graph]
    ) {
        self.name = name
        self.path = path
        self.pipeline = pipeline
        self.scheduler = scheduler
        self.predictionType = predictionType
        self.latentShape = latentShape
        self.imageHeight = imageHeight
        self.imageWidth = imageWidth
        self.scalingFactor = scalingFactor
        self.shiftFactor = shiftFactor
        self.digest = digest
        self.graphs = graphs
    }

    /// Whether every graph loads.
    public var isLoadable: Bool { graphs.allSatisfy { $0.failure == nil } }
}
