import Attempts
import Foundation
import Marks
import RingKeys

/// The public details of a key: everything but its secret.
public struct KeyDescription: Encodable {
    /// The fingerprint.
    public let id: String
    /// The display name.
    public let name: String
    /// The key file.
    public var path: String
    /// When it was made, ISO 8601.
    public let created: String
    /// How numbers become a spectrum.
    public let pattern: String
    /// In cycles per shorter side of the latent.
    public let radius: Double
    /// In the same unit.
    public let ringWidth: Double
    /// The keyed ones.
    public let channels: [Int]
    /// Channels, height, width.
    public let latent: [Int]
    /// The point from which a ring's phase is counted.
    public let phaseOrigin: String
    /// Independent numbers.
    public let dimension: Int
    /// Whether there is an exact p-value.
    public let isRandom: Bool
    /// Why there is none; nil where there is one.
    public let reason: String?
    /// The median p-value of this key's mark in a latent that is half mark, half noise; nil without an exact p-value.
    public let reach: Double?
    /// The same at `assumedSignalToNoise`.
    public let assumedReach: Double?
    /// What is assumed of a recovered mark's signal-to-noise ratio where no calibration has measured it.
    public let assumedSignalToNoise: Double?

    enum CodingKeys: String, CodingKey {
        case id, name, path, created, pattern, radius
        case ringWidth = "ring_width"
        case channels, latent
        case phaseOrigin = "phase_origin"
        case dimension
        case isRandom = "random"
        case reason, reach
        case assumedReach = "assumed_reach"
        case assumedSignalToNoise = "assumed_signal_to_noise"
    }

    /// What the p-value of the key alone is multiplied by in the default plan's first attempt.
    private let defaultHypotheses: Double

    /// The rate that the key cannot reach: the default one, where the default plan's p-value of its mark, at
    /// `assumedSignalToNoise`, is higher in the median; nil where it reaches it, or has no p-value.
    public var unreachedRate: Double? {
        let rate = DetectionRequest().falsePositiveRate
        return assumedReach.flatMap { $0 * defaultHypotheses > rate ? rate : nil }
    }

    /// - Parameters:
    ///   - key: whose secret is left out.
    ///   - path: where the key lies.
    public init(_ key: RingKey, path: String) {
        let reader = RingReader(key.geometry)
        id = key.id
        name = key.name
        self.path = path
        created = key.created
        pattern = key.geometry.pattern.rawValue
        radius = key.geometry.radius
        ringWidth = key.geometry.ringWidth
        channels = key.geometry.channels
        latent = [key.geometry.latentShape.channels, key.geometry.latentShape.height, key.geometry.latentShape.width]
        phaseOrigin = key.geometry.phaseOrigin.rawValue
        dimension = reader.dimension
        reason = key.reasonWithoutExactPValue
        isRandom = reason == nil
        let keys = KeySet([key], searching: RecoveryRequest().search)
        defaultHypotheses = Plan(routes: RecoveryRequest.defaultRoutes, searching: keys.isSearched).hypotheses(
            attempt: 0, keys: 1, isSearched: keys.isSearched)
        guard isRandom else {
            (reach, assumedReach, assumedSignalToNoise) = (nil, nil, nil)
            return
        }
        let (numbers, steps) = (key.numbers, RecoveryRequest.defaultRoutes.map(\.steps).max() ?? 0)
        let ratio = reader.assumedSignalToNoise(diffusionSteps: steps)
        reach = pow(10, reader.log10MedianPValue(of: numbers, signalToNoise: 1))
        assumedReach = pow(10, reader.log10MedianPValue(of: numbers, signalToNoise: ratio))
        assumedSignalToNoise = ratio
    }
}
