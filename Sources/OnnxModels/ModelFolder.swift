import Diffusion
import Foundation
import Tensors

/// A model folder in the layout that Optimum exports, read but not loaded: what its configuration files say, checked
/// against each other. Shapes, factors, prediction type and schedule come from these files alone.
public struct ModelFolder: Sendable {
    /// The parts that are graphs.
    public enum Part: String, Sendable, CaseIterable {
        case textEncoder = "text_encoder"
        case unet
        case vaeDecoder = "vae_decoder"
        case vaeEncoder = "vae_encoder"
    }

    /// The folder.
    public let path: String
    /// The folder's last name.
    public var name: String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }
    /// The pipeline class that `model_index.json` names.
    public let pipelineClass: String
    public let scheduler: SchedulerConfiguration
    public let latentShape: LatentShape
    /// Image pixels for each latent element, on each side.
    public let scaleFactor: Int
    /// Latent = (encoder's mean - shift) × scaling.
    public let scalingFactor: Double
    public let shiftFactor: Double
    /// Tokens of a prompt and numbers for each; nil for a model without text.
    public let conditioning: (tokens: Int, width: Int)?

    /// Height and width of the images in pixels.
    public var imageSize: (height: Int, width: Int) {
        (latentShape.height * scaleFactor, latentShape.width * scaleFactor)
    }

    private struct Index: Decodable {
        let className: String
        enum CodingKeys: String, CodingKey { case className = "_class_name" }
    }

    private struct UNet: Decodable {
        let sampleSize: SampleSize
        let inChannels: Int
        let crossAttentionDim: Int?
        enum CodingKeys: String, CodingKey {
            case sampleSize = "sample_size"
            case inChannels = "in_channels"
            case crossAttentionDim = "cross_attention_dim"
        }
    }

    /// One number for a square, or height and width.
    private struct SampleSize: Decodable {
        let height: Int
        let width: Int
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let side = try? container.decode(Int.self) {
                (height, width) = (side, side)
            } else {
                let sides = try container.decode([Int].self)
                guard sides.count == 2 else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "two numbers")
                }
                (height, width) = (sides[0], sides[1])
            }
        }
    }

    private struct VAE: Decodable {
        let latentChannels: Int
        let blockOutChannels: [Int]
        let scalingFactor: Double?
        let shiftFactor: Double?
        enum CodingKeys: String, CodingKey {
            case latentChannels = "latent_channels"
            case blockOutChannels = "block_out_channels"
            case scalingFactor = "scaling_factor"
            case shiftFactor = "shift_factor"
        }
    }

    private struct Text: Decodable {
        let hiddenSize: Int
        let maxPositionEmbeddings: Int
        enum CodingKeys: String, CodingKey {
            case hiddenSize = "hidden_size"
            case maxPositionEmbeddings = "max_position_embeddings"
        }
    }

    /// - Throws: `InputError` naming the part that is missing or does not fit another.
    public init(path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw InputError(path, expected: "a model folder", found: isFolder.boolValue ? "nothing" : "no folder")
        }
        pipelineClass = try Self.decode(Index.self, path + "/model_index.json").className
        let schedulerPath = path + "/scheduler/scheduler_config.json"
        scheduler = try SchedulerConfiguration(
            data: InputFile.read(schedulerPath, limit: 1 << 20), named: schedulerPath)
        for part in [Part.unet, .vaeEncoder, .vaeDecoder] where !Self.hasGraph(path, part) {
            throw InputError(
                "\(path)/\(part.rawValue)", expected: "a graph model.onnx of the part \(part.rawValue)", found: "none")
        }
        let unet = try Self.decode(UNet.self, path + "/unet/config.json")
        // Older exports keep the autoencoder's configuration in vae/ or only in one of its halves.
        let places = ["vae_encoder", "vae_decoder", "vae"].map { "\(path)/\($0)/config.json" }
        let place = places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
        let vae = try Self.decode(VAE.self, place)
        guard vae.latentChannels == unet.inChannels else {
            throw InputError(
                "\(path)/unet", expected: "\(vae.latentChannels) input channels, as the autoencoder's latents have",
                found: "\(unet.inChannels)")
        }
        guard (1...8).contains(vae.blockOutChannels.count), (1...1024).contains(unet.sampleSize.height),
            (1...1024).contains(unet.sampleSize.width), (1...256).contains(unet.inChannels)
        else {
            throw InputError(
                "\(path)/unet", expected: "latents of up to 256 x 1024 x 1024",
                found: "\(unet.inChannels) x \(unet.sampleSize.height) x \(unet.sampleSize.width)")
        }
        latentShape = LatentShape(
            channels: unet.inChannels, height: unet.sampleSize.height, width: unet.sampleSize.width)
        scaleFactor = 1 << (vae.blockOutChannels.count - 1)
        // The default of diffusers' AutoencoderKL.
        scalingFactor = vae.scalingFactor ?? 0.18215
        shiftFactor = vae.shiftFactor ?? 0
        guard scalingFactor.isFinite, scalingFactor != 0, shiftFactor.isFinite else {
            throw InputError(place, expected: "a scaling_factor other than 0", found: "\(scalingFactor)")
        }
        guard Self.hasGraph(path, .textEncoder) else {
            if let width = unet.crossAttentionDim {
                throw InputError(
                    "\(path)/text_encoder", expected: "a graph of width \(width), which the UNet attends to",
                    found: "none")
            }
            conditioning = nil
            return
        }
        let text = try Self.decode(Text.self, path + "/text_encoder/config.json")
        guard text.hiddenSize == unet.crossAttentionDim else {
            throw InputError(
                "\(path)/text_encoder",
                expected: "a width of \(unet.crossAttentionDim ?? 0), which the UNet attends to",
                found: "\(text.hiddenSize)")
        }
        for file in ["vocab.json", "merges.txt"]
        where !FileManager.default.fileExists(atPath: "\(path)/tokenizer/\(file)") {
            throw InputError("\(path)/tokenizer", expected: "the file \(file)", found: "none")
        }
        conditioning = (text.maxPositionEmbeddings, text.hiddenSize)
    }

    /// The graph of a part.
    public func graphPath(_ part: Part) -> String { "\(path)/\(part.rawValue)/model.onnx" }

    /// The parts that are there.
    public var parts: [Part] { Part.allCases.filter { Self.hasGraph(path, $0) } }

    private static func hasGraph(_ path: String, _ part: Part) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(part.rawValue)/model.onnx")
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        let data = try InputFile.read(path, limit: 1 << 20)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let DecodingError.keyNotFound(key, _) {
            throw InputError(path, expected: "a field \(key.stringValue)", found: "none")
        } catch {
            throw InputError(path, expected: "a configuration of diffusers", found: "other content")
        }
    }
}
