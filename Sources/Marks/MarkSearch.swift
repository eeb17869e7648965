import Registration
import Tensors

/// Looks for keys of one family in noise whose picture may have been moved. Like a reading, what is tried knows nothing of
/// any key, so that the p-value of each trial is exact and their number is what it is multiplied by.
public protocol MarkSearch: Sendable {
    /// Where each key fits best.
    /// - Parameters:
    ///   - keys: numbers of keys of the family.
    ///   - noise: `[1, C, h, w]`.
    ///   - frame: what is known of the frame that the noise shows.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Returns: one for each key.
    /// - Throws: `InputError` for a NaN.
    func sightings(
        of keys: [[Double]], in noise: Tensor, frame: ObservedFrame, twoSided: Bool
    ) throws -> [Sighting]
}

/// The best place of one key.
public struct Sighting: Sendable {
    /// Where the generated frame lies in the observed one.
    public let placement: Placement
    /// The part of the search that it belongs to, in words.
    public let tier: String
    /// What was measured there, as `MarkReader.read` gives it.
    public let reading: [Double]
    /// What its p-value is to be multiplied by for everything that the search tried, at least 1.
    public let tries: Double

    /// A sighting of these parts.
    public init(placement: Placement, tier: String, reading: [Double], tries: Double) {
        self.placement = placement
        self.tier = tier
        self.reading = reading
        self.tries = tries
    }
}
