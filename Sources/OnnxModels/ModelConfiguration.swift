import Diffusion

/// What the folder's `config.json` files say, as far as it is needed; fields as diffusers and transformers name them.
struct ModelConfiguration: Sendable {
    struct Index: Decodable, Sendable {
        let className: String?

        enum CodingKeys: String, CodingKey { case className = "_class_name" }
    }

    struct Unet: Decodable, Sendable {
        let inChannels: Int
        let outChannels: Int?
        let sampleSize: Extents
        let crossAttentionDim: Extents
        let additionEmbedType: String?
        let classEmbedType: String?

        enum CodingKeys: String, CodingKey {
            case inChannels = "in_channels"
            case outChannels = "out_channels"
            case sampleSize = "sample_size"
            case crossAttentionDim = "cross_attention_dim"
            case additionEmbedType = "addition_embed_type"
            case classEmbedType = "class_embed_type"
        }
    }

    struct Vae: Decodable, Sendable, Equatable {
        let latentChannels: Int
        let blockOutChannels: [Int]
        let scalingFactor: Double?
        let shiftFactor: Double?
        let latentsMean: [Double]?
        let latentsStd: [Double]?

        enum CodingKeys: String, CodingKey {
            case latentChannels = "latent_channels"
            case blockOutChannels = "block_out_channels"
            case scalingFactor = "scaling_factor"
            case shiftFactor = "shift_factor"
            case latentsMean = "latents_mean"
            case latentsStd = "latents_std"
        }

        /// Pixels along one side of a latent element: every block but the last halves the image.
        var scale: Int { 1 << max(0, blockOutChannels.count - 1) }
    }

    struct Text: Decodable, Sendable {
        let hiddenSize: Int?
        let maxPositionEmbeddings: Int?
        let vocabSize: Int?

        enum CodingKeys: String, CodingKey {
            case hiddenSize = "hidden_size"
            case maxPositionEmbeddings = "max_position_embeddings"
            case vocabSize = "vocab_size"
        }
    }

    struct Scheduler: Decodable, Sendable {
        let className: String?
        let predictionType: String?

        enum CodingKeys: String, CodingKey {
            case className = "_class_name"
            case predictionType = "prediction_type"
        }
    }

    /// One number or a list of numbers.
    struct Extents: Decodable, Sendable {
        let values: [Int]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Int.self) {
                values = [value]
            } else {
                values = try container.decode([Int].self)
            }
        }
    }

    let index: Index
    let unet: Unet
    let vae: Vae
    let text: Text
    let scheduler: Scheduler
}
