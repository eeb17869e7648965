import Files
import Foundation
import InputErrors
import Models
import NoiseSchedules
import Tensors

/// What the small files of a Stable Diffusion folder say, in the layout of diffusers and of Optimum's exports, checked
/// against each other. No weights are read.
///
/// Shapes, factors and the prediction type come from the folder. A field that diffusers itself lets be absent has its value
/// there: `scaling_factor` 0.18215, `prediction_type` epsilon.
///
/// *Limitations*: one text encoder, a UNet conditioned on text and time alone (no SDXL, inpainting, LCM or class
/// embedding), no transformers (SD3, Flux).
public struct ModelFolder: Sendable {
    /// The folder.
    public let url: URL
    /// The shape of the latents that the model was trained on.
    public let latentShape: LatentShape
    /// Height and width in pixels of the images that the model was trained on.
    public let imageSize: (height: Int, width: Int)
    /// What the UNet returns: the velocity for a `RectifiedFlowPipeline`, else `prediction_type` of the scheduler.
    public let predictionType: PredictionType
    /// The parts' own files.
    package let configuration: ModelConfiguration

    /// The folder's last path component.
    public var name: String { url.standardizedFileURL.lastPathComponent }

    /// Reads a folder.
    /// - Throws: `InputError` naming the part that is missing or does not fit the others.
    public init(_ url: URL) throws {
        let configuration = try ModelConfiguration(folder: url)
        try configuration.requireAgreement(in: url)
        let (unet, vae) = (configuration.unet, configuration.vae)
        self.url = url
        self.configuration = configuration
        let scheduler = Self.file(url, .scheduler, Self.schedulerFile)
        predictionType = try SchedulerConfiguration.predictionType(
            data: ModelFile.read(scheduler), named: scheduler.path, pipeline: configuration.index.className)
        latentShape = LatentShape(
            channels: vae.latentChannels, height: unet.sampleSize.values[0],
            width: unet.sampleSize.values[unet.sampleSize.values.count - 1])
        imageSize = (latentShape.height * vae.scale, latentShape.width * vae.scale)
    }

    /// What `scheduler/scheduler_config.json` says of noise schedule and timesteps.
    /// - Throws: `InputError` naming the file and the setting that cannot be followed.
    public func scheduler() throws -> SchedulerConfiguration {
        let path = file(.scheduler, Self.schedulerFile).path
        return try SchedulerConfiguration(
            data: InputFile.read(path, limit: 1 << 20), named: path, pipeline: configuration.index.className)
    }

    /// A file of a part's folder.
    package func file(_ part: ModelPart, _ name: String) -> URL { Self.file(url, part, name) }

    static let schedulerFile = "scheduler_config.json"

    static func file(_ url: URL, _ part: ModelPart, _ name: String) -> URL {
        url.appendingPathComponent(part.rawValue).appendingPathComponent(name)
    }

    /// Refuses a folder with variants of a graph in place of the graph: which one is meant is not ours to say.
    private static func requireNoVariant(of file: URL) throws {
        guard RawPath(file.path).status == nil, file.pathExtension == "onnx" else { return }
        let names = try Folder.names(in: file.deletingLastPathComponent().path).map(\.text)
        let others = names.filter { $0 != file.lastPathComponent && $0.utf8.suffix(5).elementsEqual(".onnx".utf8) }
        guard !others.isEmpty else { return }
        throw InputError(
            file.path, expected: "a file", found: others.prefix(4).joined(separator: ", "), as: .graphVariant)
    }

    /// Refuses a folder that lacks a part or one of the files that a part cannot do without. A tokenizer is not needed for
    /// the empty prompt.
    /// - Parameter files: the names of a part's files.
    package static func requireParts(_ url: URL, files: (ModelPart) -> [String]) throws {
        for part in ModelPart.allCases where part != .tokenizer {
            let folder = url.appendingPathComponent(part.rawValue)
            guard folder.isFolder else {
                throw InputError(url.path, expected: "a folder \(part.rawValue)/", found: "none", as: .notAModel)
            }
            for name in files(part) {
                try requireNoVariant(of: folder.appendingPathComponent(name))
                _ = try ModelFile.requiredSize(folder.appendingPathComponent(name))
            }
        }
    }
}

extension URL {
    /// Whether there is a folder, behind links.
    package var isFolder: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
