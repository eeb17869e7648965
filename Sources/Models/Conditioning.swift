import Tensors

/// What a `NoisePredictor` is told of prompts, beside latents and timestep.
public struct Conditioning: Sendable {
    /// The hidden states of the tokens, `[B, tokens, width]`.
    public let tokens: Tensor
    /// One vector for a whole prompt, `[B, width]`, where the model takes one (SDXL, SD 3, FLUX).
    public let pooled: Tensor?
    /// The scale of guidance that a distilled network is told (FLUX.1 dev); 1 for none.
    public let guidance: Double

    /// Conditioning of a batch of prompts.
    public init(tokens: Tensor, pooled: Tensor? = nil, guidance: Double = 1) {
        precondition(tokens.shape.count == 3, "hidden states of shape \(tokens.shape)")
        precondition(
            pooled.map { $0.shape.count == 2 && $0.shape[0] == tokens.batch } ?? true,
            "pooled vectors of shape \(pooled?.shape ?? []) for hidden states of shape \(tokens.shape)")
        self.tokens = tokens
        self.pooled = pooled
        self.guidance = guidance
    }

    /// The same under guidance of another scale.
    public func guided(by scale: Double) -> Conditioning {
        Conditioning(tokens: tokens, pooled: pooled, guidance: scale)
    }

    /// The number of prompts.
    public var batch: Int { tokens.batch }

    /// The conditioning of one of the prompts, for a batch of one.
    public func item(_ index: Int) -> Conditioning {
        Conditioning(tokens: tokens.item(index), pooled: pooled?.item(index), guidance: guidance)
    }

    /// A batch of one for `count` latents; a batch of as many is as it is.
    public func spread(over count: Int) -> Conditioning {
        guard batch != count else { return self }
        precondition(batch == 1, "\(batch) conditionings for \(count) latents")
        return .concatenating([Conditioning](repeating: self, count: count))
    }

    /// Batches one behind the other; with or without pooled vectors all alike, and under one guidance.
    public static func concatenating(_ parts: [Conditioning]) -> Conditioning {
        let scales = Set(parts.map(\.guidance))
        precondition(scales.count == 1, "parts under guidance \(scales)")
        let pooled = parts.compactMap(\.pooled)
        precondition(
            pooled.isEmpty || pooled.count == parts.count, "\(pooled.count) of \(parts.count) parts with pooled vectors"
        )
        return Conditioning(
            tokens: .concatenating(parts.map(\.tokens)), pooled: pooled.isEmpty ? nil : .concatenating(pooled),
            guidance: parts[0].guidance)
    }
}
