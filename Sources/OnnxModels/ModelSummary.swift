import Foundation
import Tensors

/// What is in a model folder, for `ringkey models`.
public struct ModelSummary: Codable, Sendable {
    /// One graph of the folder.
    public struct PartSummary: Codable, Sendable {
        public var part: String
        /// `name float32 [-1, 4, -1, -1]`; -1 is a free extent.
        public var inputs: [String]
        public var outputs: [String]
        public var parameters: Int
        /// Bytes of the graph's folder.
        public var bytes: Int
        /// Seconds that loading took.
        public var loadSeconds: Double

        enum CodingKeys: String, CodingKey {
            case part, inputs, outputs, parameters, bytes
            case loadSeconds = "load_seconds"
        }
    }

    public var path: String
    public var digest: String
    public var pipeline: String
    public var imageSize: [Int]
    public var latentShape: [Int]
    public var scalingFactor: Double
    public var shiftFactor: Double
    public var predictionType: String
    public var scheduler: String
    public var schedule: String
    public var parts: [PartSummary]
    public var runtime: String

    enum CodingKeys: String, CodingKey {
        case path, digest, pipeline
        case imageSize = "image_size"
        case latentShape = "latent_shape"
        case scalingFactor = "scaling_factor"
        case shiftFactor = "shift_factor"
        case predictionType = "prediction_type"
        case scheduler, schedule, parts, runtime
    }

    /// Loads every part.
    /// - Throws: `InputError` naming the part that does not load.
    public init(_ model: OnnxModel) throws {
        let folder = model.folder
        path = folder.path
        digest = try folder.digest()
        pipeline = folder.pipelineClass
        imageSize = [folder.imageSize.height, folder.imageSize.width]
        latentShape = [folder.latentShape.channels, folder.latentShape.height, folder.latentShape.width]
        scalingFactor = folder.scalingFactor
        shiftFactor = folder.shiftFactor
        predictionType = folder.scheduler.predictionType.rawValue
        scheduler = folder.scheduler.className
        let schedule = folder.scheduler.schedule
        self.schedule = "\(folder.scheduler.description), \(schedule.spacing.rawValue) spacing"
        runtime = "ONNX Runtime \(model.runtime.version) (\(model.runtime.path))"
        parts = try folder.parts.map { part in
            let session = try model.session(part)
            return PartSummary(
                part: part.rawValue, inputs: session.inputs.map(Self.describe),
                outputs: session.outputs.map(Self.describe),
                parameters: try ParameterCount.count(graph: session.path), bytes: Self.bytes(of: session.path),
                loadSeconds: session.loadSeconds)
        }
    }

    private static func describe(_ port: Session.Port) -> String { "\(port.name) \(port.type.name) \(port.shape)" }

    private static func bytes(of graph: String) -> Int {
        let folder = URL(fileURLWithPath: graph).deletingLastPathComponent()
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files ?? []).reduce(0) { $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
    }
}
