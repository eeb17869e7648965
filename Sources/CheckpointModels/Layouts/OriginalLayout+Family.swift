import NoiseSchedules

extension OriginalLayout {
    /// Families of Stable Diffusion, told apart by their text encoders.
    package enum Family: CaseIterable, Sendable {
        /// 1.1 to 1.5 and what was made of them.
        case stableDiffusion1
        /// 2.0 and 2.1, base and v.
        case stableDiffusion2
        /// XL base.
        case stableDiffusionXL

        /// The text encoders, in the order in which diffusers names them.
        package var encoders: [TextEncoderPlace] {
            switch self {
            case .stableDiffusion1:
                [TextEncoderPlace(prefix: "cond_stage_model.transformer.", layout: .clip, hasProjection: false)]
            case .stableDiffusion2:
                [TextEncoderPlace(prefix: "cond_stage_model.model.", layout: .openCLIP, hasProjection: false)]
            case .stableDiffusionXL:
                [
                    TextEncoderPlace(
                        prefix: "conditioner.embedders.0.transformer.", layout: .clip, hasProjection: false),
                    TextEncoderPlace(prefix: "conditioner.embedders.1.model.", layout: .openCLIP, hasProjection: true),
                ]
            }
        }

        /// What clean latents are multiplied by.
        package var scalingFactor: Double { self == .stableDiffusionXL ? 0.13025 : 0.18215 }

        /// Pixels along one side of a latent element.
        package var latentScale: Int { 8 }

        /// Pixels along one side of the images of the training. The models of 2 that predict v are those of 768 pixels.
        package func imageSize(_ prediction: PredictionType) -> Int {
            switch self {
            case .stableDiffusion1: 512
            case .stableDiffusion2: prediction == .vPrediction ? 768 : 512
            case .stableDiffusionXL: 1024
            }
        }
    }

    /// Where a text encoder is in a file.
    package struct TextEncoderPlace: Sendable {
        /// Below which its tensors are.
        package let prefix: String
        /// Whose names they have.
        package let layout: OriginalTextEncoder.Layout
        /// Whether the pooled text is wanted too.
        package let hasProjection: Bool

        /// Whether a file has such an encoder there.
        package func isThere(in file: CheckpointWeights) -> Bool { file.tensors.keys.contains { $0.hasPrefix(prefix) } }

        /// The encoder.
        package func encoder(in file: CheckpointWeights) -> OriginalTextEncoder {
            OriginalTextEncoder(file, below: prefix, layout, hasProjection: hasProjection)
        }
    }
}
