extension Verdict {
    /// One stage of what was done to an image.
    public struct Stage: Codable, Sendable, Equatable {
        /// The stages, in the order in which they happen.
        public enum Name: String, Codable, Sendable {
            case preprocessing
            case encoding
            case decoderInversion = "decoder_inversion"
            case diffusionInversion = "diffusion_inversion"
            case detection
        }

        /// Which stage.
        public var stage: Name
        /// The algorithm and its settings, in words.
        public var method: String
        /// Model evaluations: E∘D pairs for decoder inversion, steps for diffusion inversion.
        public var steps: Int?
        /// ‖E(D(z)) - E(x)‖ / ‖E(x)‖ after decoder inversion; the largest relative residual of a step after exact
        /// diffusion inversion.
        public var residual: Double?
        /// Seconds for this image; of a batch, its share.
        public var seconds: Double

        /// A stage that was done.
        public init(stage: Name, method: String, steps: Int? = nil, residual: Double? = nil, seconds: Double) {
            self.stage = stage
            self.method = method
            self.steps = steps
            self.residual = residual
            self.seconds = seconds
        }
    }
}
