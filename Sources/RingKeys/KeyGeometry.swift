import InputErrors
import Tensors

/// Where a key's numbers lie in the spectrum of a latent.
public struct KeyGeometry: Sendable, Equatable {
    /// How numbers become a spectrum.
    public enum Pattern: String, Sendable, CaseIterable, Codable {
        /// One real number a ring: few numbers, found again after a rotation.
        case ring
        /// One complex number for each pair of opposite frequencies in the disc: hundreds of numbers.
        case spread
        /// The Tree-Ring package's rings: one complex number a ring, the mask one row off the centre.
        case treeRingRing = "tree-ring/ring"
        /// The Tree-Ring package's spectrum of Gaussian noise in that mask.
        case treeRingRand = "tree-ring/rand"
        /// The Tree-Ring package's zeros in that mask.
        case treeRingZeros = "tree-ring/zeros"
        /// The Tree-Ring package's one constant in that mask.
        case treeRingConst = "tree-ring/const"

        /// Whether the key's numbers come from a secret, by ringkey's own derivation.
        public var isNative: Bool { self == .ring || self == .spread }
        /// Whether the numbers are independent normal draws, so that the exact p-value holds.
        public var isRandom: Bool { self != .treeRingZeros && self != .treeRingConst }
    }

    /// The point of the picture from which a ring's phase is counted.
    public enum PhaseOrigin: String, Sendable, CaseIterable, Codable {
        /// The middle of the plane: survives rotation about it.
        case centre
        /// Element (0, 0), as the reference package has it.
        case corner
    }

    /// How the numbers become a spectrum.
    public let pattern: Pattern
    /// In cycles per shorter side of the latent plane.
    public let radius: Double
    /// Width of a ring, in the same unit.
    public let ringWidth: Double
    /// Ascending, without repetition.
    public let channels: [Int]
    /// The latents that the key fits.
    public let latentShape: LatentShape
    /// Of rings; a `spread` key has none and carries it unused.
    public let phaseOrigin: PhaseOrigin

    private static let mostCells = 1e6

    /// - Parameter channels: nil for all.
    /// - Throws: `InputError` where the disc does not fit the plane or a channel does not exist; `subject` names the
    ///   source in it.
    public init(
        pattern: Pattern, radius: Double, ringWidth: Double = 1, channels: [Int]?, latentShape: LatentShape,
        phaseOrigin: PhaseOrigin = .centre, subject: String = "key"
    ) throws {
        guard (1...256).contains(latentShape.channels), (4...1024).contains(latentShape.height),
            (4...1024).contains(latentShape.width)
        else {
            throw InputError(
                subject, expected: "a latent shape from 1x4x4 to 256x1024x1024", found: "\(latentShape)",
                as: .invalidSetting)
        }
        let channels = channels ?? Array(0..<latentShape.channels)
        let largest = Double(min(latentShape.height, latentShape.width)) / 2 - 1
        guard radius.isFinite, radius >= 1, radius <= largest else {
            throw InputError(
                subject, expected: "a radius from 1 to \(Self.text(largest)) for a latent of \(latentShape)",
                found: Self.text(radius), as: .invalidSetting)
        }
        guard pattern.isNative || (radius == radius.rounded() && ringWidth == 1) else {
            throw InputError(
                subject, expected: "a whole radius and a ring width of 1 for a key of the Tree-Ring package",
                found: "\(Self.text(radius)) and \(Self.text(ringWidth))", as: .invalidSetting)
        }
        guard ringWidth.isFinite, ringWidth >= 1, ringWidth <= radius else {
            throw InputError(
                subject, expected: "a ring width from 1 to the radius \(Self.text(radius))",
                found: Self.text(ringWidth), as: .invalidSetting
            )
        }
        guard !channels.isEmpty, Set(channels).count == channels.count,
            channels.allSatisfy({ (0..<latentShape.channels).contains($0) })
        else {
            throw InputError(
                subject, expected: "channels from 0 to \(latentShape.channels - 1), each once", found: "\(channels)",
                as: .invalidSetting)
        }
        // What a key costs in memory and time goes with its cells.
        let cells =
            Double.pi * radius * radius * Double(latentShape.planeCount * channels.count)
            / (4 * (largest + 1) * (largest + 1))
        guard cells <= Self.mostCells else {
            throw InputError(
                subject, expected: "a disc of at most \(Self.text(Self.mostCells)) frequencies over all channels",
                found: "\(Self.text(cells.rounded()))", as: .invalidSetting)
        }
        self.pattern = pattern
        self.radius = radius
        self.ringWidth = ringWidth
        self.channels = channels.sorted()
        self.latentShape = latentShape
        self.phaseOrigin = phaseOrigin
    }

    /// The text that binds a secret's numbers to this geometry (docs/key-format.md).
    public var canonicalText: String {
        """
        \(pattern.rawValue) radius=\(Self.text(radius)) width=\(Self.text(ringWidth)) \
        channels=\(channels.map(String.init).joined(separator: ",")) latent=\(latentShape) phase=\(phaseOrigin.rawValue)
        """
    }

    /// A whole number without a point, any other in its shortest decimal form.
    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
