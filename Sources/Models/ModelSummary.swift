import Foundation
import NoiseSchedules

/// What is in a model: its sizes, factors and networks, and whether they load.
public struct ModelSummary: Codable, Sendable {
    /// One graph.
    public struct Graph: Codable, Sendable {
        /// Which graph it is, by the name of its folder: `unet`, `text_encoder_2`.
        public let part: String
        /// The class of the network, where it is known: `UNet2DConditionModel`.
        public let className: String?
        /// Bytes of the graph's file and of the external data, or of the tensors.
        public let fileSize: Int
        /// Numbers in the weights.
        public let parameterCount: Int
        /// The types of the weights in the file, the most frequent first: `F16`; empty where that is not known.
        public let types: [String]
        /// Bytes of the weights at work, as float32; nil where that is not known.
        public let memory: Int?
        /// The exporter: `pytorch`, or `ringkey` where the graph was built over the tensors.
        public let producer: String
        /// The version of ONNX's operator set; nil where it is the library's own matter.
        public let opset: Int?
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
            part: String, className: String? = nil, fileSize: Int, parameterCount: Int, types: [String] = [],
            memory: Int? = nil, producer: String, opset: Int?, inputs: [TensorPort], outputs: [TensorPort],
            isRandom: Bool, loadSeconds: Double?, failure: String?
        ) {
            self.part = part
            self.className = className
            self.fileSize = fileSize
            self.parameterCount = parameterCount
            self.types = types
            self.memory = memory
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
    /// How it lies on disk: `ONNX`, `diffusers`, `single file`.
    public let format: String
    /// What it is, where its networks tell: `Stable Diffusion XL`.
    public let family: String?
    /// `_class_name` of `model_index.json`.
    public let pipeline: String?
    /// `_class_name` of the scheduler.
    public let scheduler: String?
    /// What the network that predicts noise returns; nil where there is none.
    public let predictionType: PredictionType?
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
        name: String, path: String, format: String = "ONNX", family: String? = nil, pipeline: String?,
        scheduler: String?, predictionType: PredictionType?,
        latentShape: String, imageHeight: Int, imageWidth: Int, scalingFactor: Double, shiftFactor: Double,
        digest: String, graphs: [Graph]
    ) {
        self.name = name
        self.path = path
        self.format = format
        self.family = family
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
