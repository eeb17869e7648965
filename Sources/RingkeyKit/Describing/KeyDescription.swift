import Attempts
import Foundation
import Marks

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
    /// The scheme and its kind of mark: `spread`, `gaussian-shading`.
    public let pattern: String
    /// What its scheme says of it.
    public let details: [KeyDetail]
    /// Channels, height, width.
    public let latent: [Int]
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
    /// The smallest p-value that the key can have; 0 for no such limit.
    public let smallestPValue: Double
    /// What is assumed of a recovered mark's signal-to-noise ratio where no calibration has measured it.
    public let assumedSignalToNoise: Double?

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
    public init(_ key: some MarkKey, path: String) {
        let reader = key.makeReader()
        id = key.identity.id
        name = key.identity.name
        self.path = path
        created = key.created
        pattern = key.identity.pattern
        details = key.details
        latent = [key.latentShape.channels, key.latentShape.height, key.latentShape.width]
        smallestPValue = key.smallestPValue
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
        reach = max(smallestPValue, pow(10, reader.log10MedianPValue(of: numbers, signalToNoise: 1)))
        assumedReach = max(smallestPValue, pow(10, reader.log10MedianPValue(of: numbers, signalToNoise: ratio)))
        assumedSignalToNoise = ratio
    }
}

extension KeyDescription {
    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// The details of the scheme stand among the other members.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, text) in [("id", id), ("name", name), ("path", path), ("created", created), ("pattern", pattern)] {
            try container.encode(text, forKey: Name(name))
        }
        for detail in details {
            switch detail.value {
            case .text(let text): try container.encode(text, forKey: Name(detail.name))
            case .number(let number): try container.encode(number, forKey: Name(detail.name))
            case .numbers(let numbers): try container.encode(numbers, forKey: Name(detail.name))
            case .flag(let flag): try container.encode(flag, forKey: Name(detail.name))
            }
        }
        try container.encode(latent, forKey: Name("latent"))
        try container.encode(dimension, forKey: Name("dimension"))
        try container.encode(isRandom, forKey: Name("random"))
        try container.encodeIfPresent(reason, forKey: Name("reason"))
        try container.encodeIfPresent(reach, forKey: Name("reach"))
        try container.encodeIfPresent(assumedReach, forKey: Name("assumed_reach"))
        try container.encodeIfPresent(assumedSignalToNoise, forKey: Name("assumed_signal_to_noise"))
        if smallestPValue > 0 { try container.encode(smallestPValue, forKey: Name("smallest_p_value")) }
    }
}
