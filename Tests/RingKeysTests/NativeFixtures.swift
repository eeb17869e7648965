import Foundation
import InputErrors
import RandomNumbers
import KeyDocuments
import RingKeys
import Tensors
import TestSupport

/// Golden data that `Tests/Fixtures/RingKeys/Native/make_native.py` made from docs/key-format.md.
enum NativeFixtures {
    /// A key as the script writes it.
    struct Geometry: Decodable {
        let secret: String
        let pattern: String
        let radius: Double
        let width: Double
        let channels: [Int]
        let latent: [Int]
        let phase: String

        func key() throws -> RingKey {
            guard let pattern = KeyGeometry.Pattern(rawValue: pattern),
                let phase = KeyGeometry.PhaseOrigin(rawValue: phase), let secret = Secret(hexadecimal: secret)
            else { throw InputError("fixture", expected: "a key", found: pattern, as: .keyDocument) }
            return RingKey(
                name: "golden", created: Date(timeIntervalSince1970: 0),
                geometry: try KeyGeometry(
                    pattern: pattern, radius: radius, ringWidth: width, channels: channels,
                    latentShape: LatentShape(channels: latent[0], height: latent[1], width: latent[2]),
                    phaseOrigin: phase),
                secret: secret)
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: Fixtures.url("RingKeys/Native/\(name)")))
    }

    /// A native key of a seeded secret.
    static func key(
        _ pattern: KeyGeometry.Pattern, radius: Double = 10, channels: [Int] = [0],
        shape: LatentShape = LatentShape(channels: 4, height: 64, width: 64), phase: KeyGeometry.PhaseOrigin = .centre,
        seed: UInt64 = 1
    ) throws -> RingKey {
        var generator = SeededGenerator(seed: seed)
        let digits = (0..<64).map { _ in String(generator.next() % 16, radix: 16) }.joined()
        guard let secret = Secret(hexadecimal: digits) else {
            throw InputError("seed \(seed)", expected: "64 digits", found: digits, as: .keyDocument)
        }
        return RingKey(
            name: "seeded", created: Date(timeIntervalSince1970: 0),
            geometry: try KeyGeometry(
                pattern: pattern, radius: radius, channels: channels, latentShape: shape, phaseOrigin: phase),
            secret: secret)
    }

    /// Marked white noise, scaled so that white noise of power 1/snr is added to it.
    static func recovered(_ key: RingKey, snr: Double, seed: UInt64) -> Tensor {
        let shape = key.geometry.latentShape.tensorShape()
        var latent = Tensor(normal: shape, seed: 2 * seed)
        key.embed(into: &latent)
        return .combination((1, latent), ((1 / snr).squareRoot(), Tensor(normal: shape, seed: 2 * seed + 1)))
    }
}
