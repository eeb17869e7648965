/// What a person can look at to see a mark: the spectrum it lies in, and its numbers as measured beside the key's.
public struct MarkPicture: Sendable {
    /// The amplitude spectrum of one channel, DC in the middle.
    public struct Spectrum: Sendable {
        /// Which channel of the latent.
        public let channel: Int
        /// Amplitudes, rows from the top.
        public let rows: [[Float]]
        /// Half axes, in columns and rows, of the ellipses between which the key's numbers lie; the last is the outer edge.
        public let radii: [(x: Double, y: Double)]

        /// A spectrum with its ellipses.
        public init(channel: Int, rows: [[Float]], radii: [(x: Double, y: Double)]) {
            self.channel = channel
            self.rows = rows
            self.radii = radii
        }
    }

    /// The key's numbers against what was measured in their place, on one scale.
    public enum Comparison: Sendable {
        /// Pairs without an order.
        case scatter(key: [Double], measured: [Double])
        /// For a key whose numbers are all the same: the measured ones by their distance from DC.
        case constant(key: Double, radii: [Double], measured: [Double])
        /// One number a ring.
        case rings(radii: [Double], channels: [(channel: Int, key: [Double], measured: [Double])])
    }

    /// One for each keyed channel.
    public let spectra: [Spectrum]
    /// The numbers.
    public let comparison: Comparison

    /// A picture of these parts.
    public init(spectra: [Spectrum], comparison: Comparison) {
        self.spectra = spectra
        self.comparison = comparison
    }
}
