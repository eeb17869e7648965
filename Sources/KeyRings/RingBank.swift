import Foundation
import Marks
import Registration
import RingKeys
import Tensors

/// The derived keys of a ring, to be looked for.
public final class RingBank: KeyBank {
    /// The ring.
    public let ring: KeyRing
    package let matrix: KeyMatrix
    private let ownReader: RingReader
    private let revocable: [String: String]

    /// - Parameters:
    ///   - ring: with at least one label.
    ///   - matrix: of it.
    init(_ ring: KeyRing, _ matrix: KeyMatrix) {
        self.ring = ring
        self.matrix = matrix
        ownReader = RingReader(ring.ownGeometry)
        revocable = Dictionary(ring.added.map { ($0.id, $0.name) }) { first, _ in first }
    }

    /// The ring's public side.
    public var identity: KeyIdentity { ring.identity }
    /// How many keys are derived.
    public var count: Int { ring.count }
    /// The latents that they fit.
    public var latentShape: LatentShape { ring.geometry.latentShape }
    /// What all derived keys share, under the ring's name.
    public var pilot: (any MarkKey)? { ring.pilot.map(PilotKey.init) }

    /// A derived key's own numbers.
    public func key(at place: Int) -> any MarkKey { ring.ownKey(at: place) }

    /// What a derived key's file says, and whose it is.
    public func identity(at place: Int) -> KeyIdentity { ring.identity(at: place) }

    /// When a key of the ring was revoked, derived or added.
    public func revocation(of identity: KeyIdentity) -> String? {
        guard let time = ring.revocations[identity.name] else { return nil }
        let isOwn = revocable[identity.id] != nil || ring.key(of: identity.name).identity.id == identity.id
        return isOwn ? time : nil
    }

    /// A `RingReader`.
    public func makeReader() -> any MarkReader { ownReader }

    /// By one pass over the matrix (`KeyScan`).
    public func best(_ count: Int, of readings: [[Double]], twoSided: Bool) -> [[Int]] {
        KeyScan(matrix).best(count, of: readings, twoSided: twoSided) { self.ring.ownNumbers(at: $0) }
    }

    /// A `PilotSearch`.
    public func makeSearch(_ extent: SearchExtent) -> (any BankSearch)? {
        guard let pilot = ring.pilot else { return nil }
        return PilotSearch(for: pilot.numbers, RingReader(pilot.geometry), reading: ownReader, extent)
    }
}

extension KeyRing {
    /// The public side of a derived key: what its key file says, and whose it is.
    /// - Parameter place: from 0.
    public func identity(at place: Int) -> KeyIdentity {
        let (label, owner) = label(at: place)
        var identity = key(of: label).identity
        identity.owner = owner
        return identity
    }
}

/// A ring's pilot as a key: it tells that some key of the ring was used.
struct PilotKey: MarkKey {
    let key: RingKey

    init(_ key: RingKey) { self.key = key }

    var identity: KeyIdentity { KeyIdentity(id: key.id, name: "\(key.name): some key", pattern: "pilot") }
    var created: String { key.created }
    var details: [KeyDetail] { key.details }
    var latentShape: LatentShape { key.latentShape }
    var family: KeyFamily { key.family }
    var numbers: [Double] { key.numbers }
    var reasonWithoutExactPValue: String? { nil }
    func embed(into noise: inout Tensor) { key.embed(into: &noise) }
    func data() throws -> Data { try key.data() }
    func makeReader() -> any MarkReader { key.makeReader() }
}
