import Cryptography
import Foundation
import KeyDocuments
import Marks
import RingKeys

extension KeyRing {
    private func part(_ channels: [Int]) -> KeyGeometry {
        guard let part = try? geometry.part(channels) else {
            preconditionFailure("channels \(channels) of \(geometry.channels)")
        }
        return part
    }

    /// What all derived keys share; nil for a ring without a pilot. Its fingerprint is not the ring's.
    public var pilot: RingKey? {
        guard !pilotChannels.isEmpty else { return nil }
        return RingKey(name: name, created: created, geometry: part(pilotChannels), secret: secret("pilot"))
    }

    /// The key of a label, whether or not the ring has it: what is written into a key file.
    public func key(of label: String) -> any MarkKey {
        let own = secret("key \(label)")
        guard !pilotChannels.isEmpty else {
            return RingKey(name: label, created: created, geometry: geometry, secret: own)
        }
        do {
            return try PilotedKey(
                name: label, created: created, geometry: geometry, pilotChannels: pilotChannels, secret: own,
                pilotSecret: secret("pilot"))
        } catch {
            preconditionFailure("channels \(pilotChannels) of \(geometry.channels): \(error)")
        }
    }

    /// The own numbers of a derived key, as a key.
    package func ownKey(at place: Int) -> RingKey {
        let label = label(at: place).label
        return RingKey(name: label, created: created, geometry: ownGeometry, secret: secret("key \(label)"))
    }

    /// κ of a derived key, as `ownKey(at:)` has it, some times faster.
    package func ownNumbers(at place: Int) -> [Double] {
        let dimension = ownDimension
        return [Double](unsafeUninitializedCapacity: dimension) { numbers, initialized in
            KeyDeriver(self, dimension: dimension).write(
                label(at: place).label, to: UnsafeMutableBufferPointer(rebasing: numbers[..<dimension]))
            initialized = dimension
        }
    }

    /// HKDF-SHA256 (RFC 5869) over the master secret: salt `ringkey.keyring/1`, 32 bytes.
    private func secret(_ info: String) -> Secret {
        let message = Array(info.utf8) + [1]
        return extracted.withUnsafeBytes { key in
            Secret(
                SecretBytes(count: Secret.length) { tag in
                    message.withUnsafeBytes { Sodium.hmacSHA256($0, key: key, into: tag) }
                })
        }
    }
}

extension RingKey {
    init(name: String, created: String, geometry: KeyGeometry, secret: Secret) {
        let date = ISO8601DateFormatter().date(from: created) ?? Date(timeIntervalSince1970: 0)
        self.init(name: name, created: date, geometry: geometry, secret: secret)
    }
}
