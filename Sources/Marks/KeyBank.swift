import Registration
import Tensors

/// So many keys of one family that nobody wants to see all of them: a bank names the few that fit a reading best.
///
/// A reading depends on no key, so that each p-value is exact; it is corrected for all keys of the bank and for its pilot.
public protocol KeyBank: Sendable {
    /// The bank's public side.
    var identity: KeyIdentity { get }
    /// How many keys, at least 1.
    var count: Int { get }
    /// The latents that they fit.
    var latentShape: LatentShape { get }
    /// What all marks of the bank's keys share besides the keys' own numbers, in places of its own: it tells that some key of
    /// the bank was used, and where a moved picture lies. Nil where they share nothing.
    var pilot: (any MarkKey)? { get }

    /// A key's own numbers as a key.
    /// - Parameter place: from 0.
    func key(at place: Int) -> any MarkKey
    /// The public side of a key: what its key file says, where it has one.
    /// - Parameter place: from 0.
    func identity(at place: Int) -> KeyIdentity
    /// When a key was revoked, ISO 8601 in UTC; nil for one that was not, or is no key of this bank.
    func revocation(of identity: KeyIdentity) -> String?
    /// A reader of the keys' own numbers.
    func makeReader() -> any MarkReader
    /// The places of the keys that agree best with each reading, the best first. They are the best by the full numbers.
    /// - Parameters:
    ///   - count: how many at most, at least 1.
    ///   - readings: by the bank's reader, or of its search.
    ///   - twoSided: whether an agreement below 0 counts by its magnitude.
    func best(_ count: Int, of readings: [[Double]], twoSided: Bool) -> [[Int]]
    /// A search for the pilot; nil where there is none, or its numbers are too few.
    /// - Parameter extent: how far; not `none`.
    func makeSearch(_ extent: SearchExtent) -> (any BankSearch)?
}

/// Looks for a bank's pilot in noise whose picture may have been moved, and reads the keys' own numbers in the places where the
/// pilot fits best. What is read there has nothing to do with the own numbers of any key, whatever the search for the pilot
/// chose: their p-values are multiplied by the number of keys and of places alone.
public protocol BankSearch: Sendable {
    /// The pilot's best place, and what the keys' own numbers are held against.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - frame: what is known of the frame that the noise shows.
    ///   - twoSided: whether a match of reversed sign counts too.
    /// - Throws: `InputError` for a NaN.
    func look(
        in noise: Tensor, frame: ObservedFrame, twoSided: Bool
    ) throws -> (pilot: Sighting, places: [Sighting])
}
