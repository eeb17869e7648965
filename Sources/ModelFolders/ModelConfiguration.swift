/// What the folder's `config.json` files say, as far as it is needed; fields as diffusers and transformers name them.
package struct ModelConfiguration: Sendable {
    package struct Index: Decodable, Sendable {
        package let className: String?

        enum CodingKeys: String, CodingKey { case className = "_class_name" }
    }

    package struct Unet: Decodable, Sendable {
        package let inChannels: Int
        package let outChannels: Int?
        package let sampleSize: Extents
        package let crossAttentionDim: Extents
        package let additionEmbedType: String?
        package let classEmbedType: String?

        enum CodingKeys: String, CodingKey {
            case inChannels = "in_channels"
            case outChannels = "out_channels"
            case sampleSize = "sample_size"
            case crossAttentionDim = "cross_attention_dim"
            case additionEmbedType = "addition_embed_type"
            case classEmbedType = "class_embed_type"
        }
    }

    package struct Vae: Decodable, Sendable, Equatable {
        package let latentChannels: Int
        package let blockOutChannels: [Int]
        package let scalingFactor: Double?
        package let shiftFactor: Double?
        package let latentsMean: [Double]?
        package let latentsStd: [Double]?

        enum CodingKeys: String, CodingKey {
            case latentChannels = "latent_channels"
            case blockOutChannels = "block_out_channels"
            case scalingFactor = "scaling_factor"
            case shiftFactor = "shift_factor"
            case latentsMean = "latents_mean"
            case latentsStd = "latents_std"
        }

        /// Pixels along one side of a latent element: every block but the last halves the image.
        package var scale: Int { 1 << max(0, blockOutChannels.count - 1) }
    }

    package struct Text: Decodable, Sendable {
        package let hiddenSize: Int?
        package let maxPositionEmbeddings: Int?
        package let vocabSize: Int?
        package let startId: Extents?
        package let endId: Extents?
        package let paddingId: Extents?

        /// The ids of the tokens that every prompt has.
        package struct TokenIds: Sendable {
            package let start: Int
            package let end: Int
            package let padding: Int

            package init(start: Int, end: Int, padding: Int) {
                (self.start, self.end, self.padding) = (start, end, padding)
            }
        }

        /// The ids of start, end and padding; nil where the file does not know them. Older files have 0, 2 and 1 whatever
        /// the tokenizer has, newer ones 1 for the padding. CLIP's start and end are its last two tokens, and models pad
        /// with the end token or with token 0.
        package var tokenIds: TokenIds? {
            guard let size = vocabSize, size > 2, startId?.values == [size - 2], endId?.values == [size - 1],
                let padding = paddingId?.values.first, padding == size - 1 || padding == 0
            else { return nil }
            return TokenIds(start: size - 2, end: size - 1, padding: padding)
        }

        enum CodingKeys: String, CodingKey {
            case startId = "bos_token_id"
            case endId = "eos_token_id"
            case paddingId = "pad_token_id"
            case hiddenSize = "hidden_size"
            case maxPositionEmbeddings = "max_position_embeddings"
            case vocabSize = "vocab_size"
        }
    }

    package struct Scheduler: Decodable, Sendable {
        package let className: String?

        enum CodingKeys: String, CodingKey { case className = "_class_name" }
    }

    /// One number or a list of numbers.
    package struct Extents: Decodable, Sendable {
        package let values: [Int]

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Int.self) {
                values = [value]
            } else {
                values = try container.decode([Int].self)
            }
        }
    }

    package let index: Index
    package let unet: Unet
    package let vae: Vae
    package let text: Text
    package let scheduler: Scheduler
}
