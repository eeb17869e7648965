import Foundation
import InputErrors
import NoiseSchedules

/// The graph of a network in a folder of its own, for comparing one part alone with another implementation.
package struct PartGraph: Sendable {
    /// What a graph computes.
    package enum Role: String, Sendable {
        case encoder, decoder, denoiser, text
    }

    /// What it computes.
    package let role: Role
    /// A `ModelProto`, whose weights stay in the folder.
    package let model: Data

    /// The graphs of the part in a folder: two of an autoencoder, one of any other class.
    /// - Throws: `InputError` for a part that is damaged or not supported.
    package static func all(in folder: URL) throws -> [PartGraph] {
        try all(of: CheckpointPart(folder: folder))
    }

    /// The graphs of all parts of a single file.
    /// - Parameter prediction: what the model predicts, where its tensors do not tell.
    /// - Throws: `InputError` for a file that is damaged, incomplete or not supported.
    package static func all(inFile path: String, prediction: PredictionType?) throws -> [PartGraph] {
        let parts = try CheckpointParts(file: path, prediction: prediction)
        return try ([parts.autoencoder] + [parts.denoiser].compactMap { $0 } + parts.texts.map(\.part)).flatMap(all)
    }

    private static func all(of part: CheckpointPart) throws -> [PartGraph] {
        let weights = try part.weights()
        switch part.className {
        case "CLIPTextModel", "CLIPTextModelWithProjection", "T5EncoderModel":
            let network = try NetworkClass.textEncoder(part)
            let outputs: [TextOutput] =
                network.pooledWidth == nil ? [.lastHiddenState] : [.lastHiddenState, .penultimate, .pooled]
            return [PartGraph(role: .text, model: try network.graph(weights, outputs: outputs))]
        case let name where name.hasPrefix("Autoencoder"):
            let network = try NetworkClass.autoencoder(part)
            return [
                PartGraph(role: .encoder, model: try network.encoderGraph(weights)),
                PartGraph(role: .decoder, model: try network.decoderGraph(weights)),
            ]
        default:
            return [PartGraph(role: .denoiser, model: try NetworkClass.denoiser(part).graph(weights))]
        }
    }
}
