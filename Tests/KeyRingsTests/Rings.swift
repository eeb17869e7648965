import Foundation
import KeyDocuments
import KeyRings
import RingKeys
import TestSupport
import Tensors

/// Rings for tests.
enum Rings {
    static let shape = LatentShape(channels: 4, height: 18, width: 22)

    /// A ring in memory, of a secret that the seed names.
    static func ring(
        _ seed: UInt8, labels: Int, pilot: [Int] = [0], shape: LatentShape = shape, radius: Double = 6,
        lines: [String] = []
    ) throws -> KeyRing {
        let text = try header(seed, pilot: pilot, shape: shape, radius: radius)
        let all = (0..<labels).map { #"{"label":"customer-\#($0)"}"# } + lines
        return try KeyRing(data: text + Data(all.map { $0 + "\n" }.joined().utf8), named: "ring")
    }

    /// The first line of such a ring.
    static func header(
        _ seed: UInt8, pilot: [Int] = [0], shape: LatentShape = shape, radius: Double = 6
    ) throws -> Data {
        let geometry = try KeyGeometry(pattern: .spread, radius: radius, channels: nil, latentShape: shape)
        let secret = Secret(hexadecimal: String(repeating: String(format: "%02x", seed), count: 32)) ?? .random()
        return try KeyRing.header(
            name: "ring \(seed)", created: Date(timeIntervalSince1970: 0), geometry: geometry, pilotChannels: pilot,
            master: secret)
    }
}
