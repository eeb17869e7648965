import Foundation
import RingKeys

/// What may be told of a key: everything but its secret.
struct KeyDescription: Encodable {
    let id: String
    let name: String
    let path: String
    let created: String
    let pattern: String
    let radius: Double
    let ringWidth: Double
    let channels: [Int]
    let latent: [Int]
    let phaseOrigin: String
    let dimension: Int
    let isRandom: Bool
    let reach: Double?

    enum CodingKeys: String, CodingKey {
        case id, name, path, created, pattern, radius
        case ringWidth = "ring_width"
        case channels, latent
        case phaseOrigin = "phase_origin"
        case dimension
        case isRandom = "random"
        case reach
    }

    init(_ key: RingKey, path: String) {
        let detector = KeyDetector(key)
        id = key.id
        name = key.name
        self.path = path
        created = key.created
        pattern = key.geometry.pattern.rawValue
        radius = key.geometry.radius
        ringWidth = key.geometry.ringWidth
        channels = key.geometry.channels
        latent = [key.geometry.latentShape.channels, key.geometry.latentShape.height, key.geometry.latentShape.width]
        phaseOrigin = key.geometry.phaseOrigin.rawValue
        dimension = detector.dimension
        isRandom = key.isRandom
        reach = key.isRandom ? pow(10, detector.log10Reach) : nil
    }

    func print(json: Bool) throws {
        if json { return try JSONLine.print(self) }
        let reachText =
            reach.map { "median p-value \(String(format: "%.0e", $0)) of a latent that is half mark, half noise" }
            ?? "none: the key was not drawn at random, so that it has no p-value"
        Swift.print(path)
        Swift.print("  id        \(id) (\(name))")
        Swift.print(
            "  pattern   \(pattern), radius \(String(format: "%g", radius)), ring width \(String(format: "%g", ringWidth))"
        )
        Swift.print(
            "  latent    \(latent.map(String.init).joined(separator: "x")), channels \(channels.map(String.init).joined(separator: ","))"
        )
        Swift.print("  numbers   \(dimension)")
        Swift.print("  reach     \(reachText)")
        Swift.print("  created   \(created)")
    }
}
