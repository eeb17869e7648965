import Foundation
import InputErrors

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
        let part = try CheckpointPart(folder: folder)
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
