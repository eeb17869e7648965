/// A set of the codes of findings, in one machine word.
public struct FindingSet: OptionSet, Sendable, Hashable {
    /// One bit for each code.
    public let rawValue: Int

    /// A set of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// One code.
    public init(_ code: Verdict.Finding.Code) { self.init(rawValue: 1 << Self.bit(code)) }

    private static func bit(_ code: Verdict.Finding.Code) -> Int {
        switch code {
        case .keyCannotReachRate: 0
        case .keyNotRandom: 1
        case .notNoiseLike: 2
        case .decoderInversionFellBack: 3
        case .diffusionInversionFellBack: 4
        case .imageResampled: 5
        case .calibrationNotUsed: 6
        case .orientationTag: 7
        case .firstFrameOnly: 8
        case .colourProfileIgnored: 9
        case .bitDepthReduced: 10
        case .pictureMoved: 11
        case .lookedLess: 12
        case .keyRevoked: 13
        case .otherMessage: 14
        case .sharesNoise: 15
        case .noiseDisagrees: 16
        }
    }
}
