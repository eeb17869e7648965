import Tensors

/// A key of a noise-space mark. Whoever holds it can mark the noise that a model starts from, and find its marks.
public protocol MarkKey: Sendable {
    /// The key's public side.
    var identity: KeyIdentity { get }
    /// The latents that it fits.
    var latentShape: LatentShape { get }
    /// Which keys one reader serves together with this one.
    var family: KeyFamily { get }
    /// κ: the key's independent numbers of unit variance, in the order in which a reader of the family reads them.
    var numbers: [Double] { get }
    /// Why the key has no exact p-value: its numbers were not drawn at random. Nil where it has one.
    var reasonWithoutExactPValue: String? { get }

    /// Marks initial noise, every item of the batch.
    /// - Parameter noise: `[B, C, h, w]`, standard normal.
    func embed(into noise: inout Tensor)

    /// A reader for all keys of the family.
    func makeReader() -> any MarkReader
}

extension MarkKey {
    /// Whether the exact p-value holds.
    public var isRandom: Bool { reasonWithoutExactPValue == nil }
}

/// Keys whose numbers lie in the same places of the noise.
public struct KeyFamily: Hashable, Sendable, CustomStringConvertible {
    /// The scheme of the mark.
    public let scheme: String
    /// Where the numbers lie, in the scheme's own words.
    public let geometry: String

    /// A family of a scheme.
    public init(scheme: String, geometry: String) {
        self.scheme = scheme
        self.geometry = geometry
    }

    /// Scheme and geometry.
    public var description: String { "\(scheme) \(geometry)" }
}
