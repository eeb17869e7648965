import Files
import InputErrors
import KeyRings
import Marks

/// What may be known of a key ring: everything but its secret.
struct KeyRingDescription: Encodable {
    let id: String
    let name: String
    let path: String
    let created: String
    let radius: Double
    let channels: [Int]
    let pilotChannels: [Int]
    let latent: String
    let derived: Int
    let added: Int
    let revoked: Int

    enum CodingKeys: String, CodingKey {
        case id, name, path, created, radius, channels
        case pilotChannels = "pilot_channels"
        case latent, derived, added, revoked
    }

    /// One key of a ring.
    private struct Line: Encodable {
        let id: String
        let label: String
        let owner: String?
        let revoked: String?
        let isAdded: Bool

        enum CodingKeys: String, CodingKey {
            case id, label, owner, revoked
            case isAdded = "added"
        }
    }

    init(_ ring: KeyRing) {
        id = ring.id
        name = ring.name
        path = RawPath(ring.path).description
        created = ring.created
        radius = ring.geometry.radius
        channels = ring.geometry.channels
        pilotChannels = ring.pilotChannels
        latent = "\(ring.geometry.latentShape)"
        derived = ring.count
        added = ring.added.count
        revoked = ring.revocations.count
    }

    func write(json: Bool) throws {
        if json { return try JSONLine.write(self) }
        let pilot = pilotChannels.isEmpty ? "none" : "channels \(pilotChannels.map(String.init).joined(separator: ","))"
        try StandardOutput.write(
            lines: Printable.name(path), "  id        \(id) (\(Printable.name(name)))",
            "  latent    \(latent)", "  pilot     \(pilot)",
            "  keys      \(derived) derived, \(added) added, \(revoked) revoked", "  created   \(created)")
    }

    /// One line a key.
    static func writeKeys(of ring: KeyRing, json: Bool) throws {
        func write(_ key: KeyIdentity, isAdded: Bool) throws {
            let revoked = ring.revocations[key.name]
            if json {
                return try JSONLine.write(
                    Line(id: key.id, label: key.name, owner: key.owner, revoked: revoked, isAdded: isAdded))
            }
            let notes = [
                key.owner.map { "of \(Printable.name($0))" }, isAdded ? "added" : nil, revoked.map { "revoked \($0)" },
            ]
            try StandardOutput.write(
                lines: (["\(key.id)  \(Printable.text(key.name))"] + notes.compactMap(\.self)).joined(separator: "  "))
        }
        for place in 0..<ring.count { try write(ring.identity(at: place), isAdded: false) }
        for key in ring.added { try write(key.identity, isAdded: true) }
    }
}
