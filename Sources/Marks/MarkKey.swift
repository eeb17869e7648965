import Foundation
import Tensors

/// A key of a noise-space mark. Whoever holds it can mark the noise that a model starts from, and find its marks.
public protocol MarkKey: Sendable {
    /// The key's public side.
    var identity: KeyIdentity { get }
    /// When the key was made, ISO 8601 in UTC.
    var created: String { get }
    /// What else may be known of the key, for `ringkey key show`.
    var details: [KeyDetail] { get }
    /// The latents that it fits.
    var latentShape: LatentShape { get }
    /// Which keys one reader serves together with this one.
    var family: KeyFamily { get }
    /// κ: the key's independent numbers of unit variance, in the order in which a reader of the family reads them.
    var numbers: [Double] { get }
    /// Why the key has no exact p-value: its numbers were not drawn at random. Nil where it has one.
    var reasonWithoutExactPValue: String? { get }
    /// The smallest p-value that the key can honestly have: one over the number of keys that it was drawn from. 0 where
    /// those are so many that nobody can try them.
    var smallestPValue: Double { get }

    /// Marks initial noise, every item of the batch.
    /// - Parameter noise: `[B, C, h, w]`, standard normal.
    /// - Throws: `InputError` for a key that can be looked for and cannot mark, as one whose message is not known.
    func embed(into noise: inout Tensor) throws

    /// The key file's content, in memory that is wiped when it is released.
    /// - Throws: `InputError` for a name that could not be read again.
    func data() throws -> Data

    /// A reader for all keys of the family.
    func makeReader() -> any MarkReader
}

extension MarkKey {
    /// 0.
    public var smallestPValue: Double { 0 }

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
