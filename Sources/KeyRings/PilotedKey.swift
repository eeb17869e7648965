import Cryptography
import Foundation
import KeyDocuments
import Marks
import RingKeys
import Tensors

/// A `spread` key of a key ring, part of which all keys of the ring share: the pilot, in channels of its own. By itself it is a
/// key like any other of its geometry, all of its numbers its own.
public struct PilotedKey: Sendable, Equatable {
    /// The key's own numbers and channels, under its name.
    public let own: RingKey
    /// What the ring's keys share.
    public let pilot: RingKey
    /// Where the numbers of both lie.
    public let geometry: KeyGeometry
    let secret: Secret
    let pilotSecret: Secret

    /// - Parameters:
    ///   - name: a display name.
    ///   - created: when it was made, ISO 8601.
    ///   - geometry: of own numbers and pilot together, `spread`.
    ///   - pilotChannels: a part of the geometry's channels, neither none nor all.
    ///   - secret: of the key's own numbers.
    ///   - pilotSecret: of the pilot.
    init(
        name: String, created: String, geometry: KeyGeometry, pilotChannels: [Int], secret: Secret, pilotSecret: Secret
    ) throws {
        self.geometry = geometry
        self.secret = secret
        self.pilotSecret = pilotSecret
        let others = geometry.channels.filter { !pilotChannels.contains($0) }
        own = RingKey(name: name, created: created, geometry: try geometry.part(others), secret: secret)
        pilot = RingKey(name: name, created: created, geometry: try geometry.part(pilotChannels), secret: pilotSecret)
    }

    /// Sixteen hexadecimal digits that name the key and tell nothing of its secrets.
    public var id: String {
        KeyDocument.fingerprint(
            "\(PilotedScheme.schemeName) \(own.geometry.canonicalText) | \(pilot.geometry.canonicalText)"
        ) {
            hash in
            for secret in [secret, pilotSecret] { secret.bytes.withUnsafeBytes { hash.update($0) } }
        }
    }
}

extension PilotedKey: MarkKey {
    /// Fingerprint, name, and `spread+pilot`.
    public var identity: KeyIdentity { KeyIdentity(id: id, name: own.name, pattern: "spread+pilot") }
    /// When the key was made, ISO 8601 in UTC.
    public var created: String { own.created }
    /// Radius and both kinds of channels.
    public var details: [KeyDetail] {
        [
            KeyDetail("radius", .number(geometry.radius)), KeyDetail("channels", .numbers(geometry.channels)),
            KeyDetail("pilot_channels", .numbers(pilot.geometry.channels)),
        ]
    }
    /// The latents that the key fits.
    public var latentShape: LatentShape { geometry.latentShape }
    /// That of a `spread` key in all of the channels.
    public var family: KeyFamily { KeyFamily(scheme: "ring", geometry: geometry.canonicalText) }
    /// None: both parts are drawn from secrets.
    public var reasonWithoutExactPValue: String? { nil }

    /// Own numbers and the pilot's, by channel.
    public var numbers: [Double] {
        let parts = [own, pilot].map { (numbers: $0.numbers, channels: $0.geometry.channels) }
        return geometry.channels.flatMap { channel -> [Double] in
            for part in parts {
                guard let place = part.channels.firstIndex(of: channel) else { continue }
                let count = part.numbers.count / part.channels.count
                return Array(part.numbers[place * count..<(place + 1) * count])
            }
            preconditionFailure("channel \(channel) of \(geometry.channels) in no part")
        }
    }

    /// Marks initial noise with both parts.
    public func embed(into noise: inout Tensor) {
        own.embed(into: &noise)
        pilot.embed(into: &noise)
    }

    /// A `RingReader`.
    public func makeReader() -> any MarkReader { RingReader(geometry) }
}

extension KeyGeometry {
    /// The same in some of the channels.
    func part(_ channels: [Int]) throws -> KeyGeometry {
        try KeyGeometry(
            pattern: pattern, radius: radius, channels: channels, latentShape: latentShape, subject: "channels")
    }
}
