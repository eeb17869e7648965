import Foundation

/// A short summary of what the noise of a marked image is beside its key, and of what the picture shows, so that images with
/// one noise find each other in the results of an audit. It holds nothing of any key.
public struct NoiseSketch: Codable, Sendable, Equatable {
    /// Numbers of noise.
    public static let length = 1024
    /// Numbers of the picture: red, green and blue of 8 × 8 fields.
    public static let pictureLength = 192
    /// From this correlation on two sketches are of one noise (docs/forgery.md).
    public static let sharing = 0.5
    /// Up to this distance, in levels of 255, two pictures are the same.
    public static let samePicture = 6.0

    /// Where the numbers of the key's family lie: only sketches of one family can be held against each other.
    public let family: String
    /// Of the noise.
    public let noise: [Int8]
    /// Of the picture, 0 to 255.
    public let picture: [UInt8]

    /// A sketch of these numbers.
    public init(family: String, noise: [Int8], picture: [UInt8]) {
        precondition(
            noise.count == Self.length && picture.count == Self.pictureLength,
            "a sketch of \(noise.count) and \(picture.count) numbers")
        self.family = family
        self.noise = noise
        self.picture = picture
    }

    /// Nil for texts that are no Base64 of so many numbers.
    init?(family: String, noise: String, picture: String) {
        guard let noise = Data(base64Encoded: noise), let picture = Data(base64Encoded: picture),
            noise.count == Self.length, picture.count == Self.pictureLength
        else { return nil }
        self.init(family: family, noise: noise.map { Int8(bitPattern: $0) }, picture: Array(picture))
    }

    enum CodingKeys: String, CodingKey {
        case family, noise, picture
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let sketch = Self(
            family: try members.decode(String.self, forKey: .family),
            noise: try members.decode(String.self, forKey: .noise),
            picture: try members.decode(String.self, forKey: .picture))
        guard let sketch else {
            throw DecodingError.dataCorruptedError(
                forKey: .noise, in: members, debugDescription: "no Base64 of \(Self.length) numbers")
        }
        self = sketch
    }

    /// Numbers as Base64 of their bytes.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(family, forKey: .family)
        try members.encode(Data(noise.map { UInt8(bitPattern: $0) }).base64EncodedString(), forKey: .noise)
        try members.encode(Data(picture).base64EncodedString(), forKey: .picture)
    }

    /// Cosine of the noises' numbers.
    public func correlation(with other: NoiseSketch) -> Double { Self.cosine(noise, other.noise) }

    /// Root mean square of the differences of the pictures' numbers.
    public func pictureDistance(to other: NoiseSketch) -> Double {
        let sum = zip(picture, other.picture).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
        return (Double(sum) / Double(Self.pictureLength)).squareRoot()
    }

    private static func cosine(_ a: [Int8], _ b: [Int8]) -> Double {
        var (product, first, second): (Int32, Int32, Int32) = (0, 0, 0)
        for (x, y) in zip(a, b) {
            product &+= Int32(x) &* Int32(y)
            first &+= Int32(x) &* Int32(x)
            second &+= Int32(y) &* Int32(y)
        }
        return first > 0 && second > 0 ? Double(product) / (Double(first) * Double(second)).squareRoot() : 0
    }
}
