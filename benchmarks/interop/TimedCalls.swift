import CheckpointModels
import Foundation
import Models
import Tensors

/// The calls of a checkpoint that cost, each for one image of the model's own size and of numbers that do not matter.
struct TimedCalls {
    /// What can be asked for.
    enum Call: String, CaseIterable {
        /// Of the network that predicts noise.
        case predict
        case encode
        case decode
    }

    private let model: any DiffusionModel
    private let image: Tensor
    private let latent: Tensor
    private let conditioning: Conditioning

    /// - Parameters:
    ///   - path: a checkpoint of any kind that the tool opens.
    ///   - tokens: how many of them the network is told of, and how wide they are.
    /// - Throws: `InputError` for what is no checkpoint.
    init(_ path: String, tokens: (count: Int, width: Int), options: ExecutionOptions) throws {
        model = try CheckpointBackend(options: options).open(path)
        let (size, shape) = (model.imageSize, model.latentShape)
        image = Self.numbers([1, 3, size.height, size.width])
        latent = Self.numbers([1, shape.channels, shape.height, shape.width])
        conditioning = Conditioning(tokens: Self.numbers([1, tokens.count, tokens.width]))
    }

    /// Makes one call; the first of a kind opens the network.
    /// - Throws: `InputError` for a part that the model lacks or that does not open.
    func make(_ call: Call) throws {
        switch call {
        case .predict:
            _ = try model.requireNoisePredictor().predict(latent, timestep: 501, conditioning: conditioning)
        case .encode: _ = try model.requireAutoencoder().encode(image)
        case .decode: _ = try model.requireAutoencoder().decode(latent)
        }
    }

    /// Numbers in [-1, 1] that are all over the range.
    private static func numbers(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.reduce(1, *)).map { Float(sin(Double($0))) }, shape: shape)
    }
}
