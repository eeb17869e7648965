extension Verdict {
    /// How an image's noise beside the key agrees with noise that somebody kept: what the image is said to have started from.
    public struct StartingNoise: Codable, Sendable, Equatable {
        /// The file of the noise that agrees best.
        public var file: String
        /// Cosine of the two, without the directions of the key's numbers.
        public var cosine: Double
        /// The chance that noise which has nothing to do with the image agrees as well, multiplied by `tried`.
        public var pValue: Double
        /// Its decimal logarithm.
        public var log10P: Double
        /// How many numbers are held against each other.
        public var dimension: Int
        /// How many files of noise were given.
        public var tried: Int

        /// An agreement.
        public init(file: String, cosine: Double, pValue: Double, log10P: Double, dimension: Int, tried: Int) {
            self.file = file
            self.cosine = cosine
            self.pValue = pValue
            self.log10P = log10P
            self.dimension = dimension
            self.tried = tried
        }

        enum CodingKeys: String, CodingKey {
            case file, cosine
            case pValue = "p_value"
            case log10P = "log10_p"
            case dimension, tried
        }
    }
}
