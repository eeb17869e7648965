import Cryptography
import Files
import Foundation
import InputErrors
import KeyDocuments
import Marks
import RingKeys
import Tensors

/// Keys for many customers: the document `ringkey.keyring/1` (docs/keyring.md). One master secret and a list of labels, from
/// which the keys are derived; beside them keys that were added as they are.
public final class KeyRing: Sendable {
    /// The document's name and version; also the salt of the derivation.
    public static let formatName = "ringkey.keyring/1"
    /// The largest file that is read: some ten million labels of 100 bytes.
    public static let largestFile = 1 << 30
    /// The most labels of a ring.
    public static let mostLabels = 10_000_000
    /// The most keys that can be added as they are: each of them is looked for by itself.
    public static let mostAdded = 1000

    /// The file, as errors name it.
    public let path: String
    /// A display name.
    public let name: String
    /// When the ring was made, ISO 8601 in UTC.
    public let created: String
    /// Where the numbers of derived keys lie, the pilot's among them.
    public let geometry: KeyGeometry
    /// The channels that all derived keys share, a part of the geometry's; none for a ring without a pilot.
    public let pilotChannels: [Int]
    let master: Secret
    let entries: KeyRingEntries
    /// What tells whether a prepared matrix belongs to this very file.
    let stamp: KeyRingStamp
    /// HMAC(salt, master), from which every key of the ring is derived.
    let extracted: SecretBytes
    /// Own numbers of a derived key.
    package let ownDimension: Int
    /// What the keys' own numbers are bound to.
    let ownGeometry: KeyGeometry

    init(
        path: String, name: String, created: String, geometry: KeyGeometry, pilotChannels: [Int], master: Secret,
        entries: KeyRingEntries, stamp: KeyRingStamp
    ) throws {
        self.path = path
        self.name = name
        self.created = created
        self.geometry = geometry
        self.pilotChannels = pilotChannels
        self.master = master
        self.entries = entries
        self.stamp = stamp
        ownGeometry =
            pilotChannels.isEmpty
            ? geometry : try geometry.part(geometry.channels.filter { !pilotChannels.contains($0) })
        ownDimension = RingReader(ownGeometry).dimension
        extracted = master.bytes.withUnsafeBytes { master in
            SecretBytes(count: 32) { tag in
                Array(Self.formatName.utf8).withUnsafeBytes { Sodium.hmacSHA256(master, key: $0, into: tag) }
            }
        }
    }

    /// Sixteen hexadecimal digits that name the ring, whatever its labels, and tell nothing of its secret.
    public var id: String { Self.id(geometry, pilotChannels, master) }

    static func id(_ geometry: KeyGeometry, _ pilotChannels: [Int], _ master: Secret) -> String {
        KeyDocument.fingerprint("\(formatName) \(geometry.canonicalText) pilot=\(pilotChannels)") { hash in
            master.bytes.withUnsafeBytes { hash.update($0) }
        }
    }

    /// The ring's public side.
    public var identity: KeyIdentity { KeyIdentity(id: id, name: name, pattern: "keyring") }
    /// How many keys are derived.
    public var count: Int { entries.starts.count }
    /// Keys that were added as they are, under their labels.
    public var added: [RingKey] { entries.added }
    /// When labels were revoked, by label; ISO 8601 in UTC.
    public var revocations: [String: String] { entries.revocations }
    /// Whether the last line was torn off, as by a full disk or a killed process: it is no part of the ring.
    public var isTorn: Bool { entries.isTorn }
    /// What of the ring an audit depends on: the fingerprint, the number of keys, and what all lines come to.
    public func digest() -> String { "\(id) \(count) keys \(entries.digest.prefix(8).hexadecimal)" }

    /// The label of a derived key, and whose it is.
    /// - Parameter place: from 0.
    public func label(at place: Int) -> (label: String, owner: String?) { entries.label(at: place) }

    /// Where a label's key is.
    /// - Parameter label: exactly as it was given.
    /// - Returns: nil where there is none.
    public func place(of label: String) -> Int? { (0..<count).first { self.label(at: $0).label == label } }

    /// - Throws: `InputError` for a ring that has no keys at all.
    public func requireKeys() throws {
        guard count > 0 || !added.isEmpty else {
            throw InputError(path, expected: "a key ring with keys", found: "none", as: .empty)
        }
    }
}
