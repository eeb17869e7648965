import Foundation
import InputErrors
import KeyDocuments
import Tensors

extension RingIDKey {
    private struct Document: Codable {
        /// Whole numbers. As `Int`, a fraction would be reported as text that is not JSON.
        var radius: Double
        var innerRadius: Double
        var rasterSide: Double
        var ringChannels: [Double]
        var noiseChannels: [Double]
        var levels: Double
        var range: Double
        var shift: Bool
        var secret: SecretDigits?
        /// Level of each ring, by channel; and the noise's numbers.
        var rings: [Double]?
        var values: [Float]?

        enum CodingKeys: String, CodingKey {
            case radius
            case innerRadius = "inner_radius"
            case rasterSide = "raster_side"
            case ringChannels = "ring_channels"
            case noiseChannels = "noise_channels"
            case levels, range, shift, secret, rings, values
        }

        func geometry(_ shape: LatentShape, hasDrawnRings: Bool, _ path: String) throws -> RingIDGeometry {
            func whole(_ number: Double, _ member: String) throws -> Int {
                try KeyDocument.whole([number], subject: "\(path): \(member)")[0]
            }
            return try RingIDGeometry(
                latentShape: shape, radius: whole(radius, "radius"), innerRadius: whole(innerRadius, "inner_radius"),
                rasterSide: whole(rasterSide, "raster_side"),
                ringChannels: KeyDocument.whole(ringChannels, subject: "\(path): ring_channels"),
                noiseChannels: KeyDocument.whole(noiseChannels, subject: "\(path): noise_channels"),
                levels: whole(levels, "levels"), range: range, isShifted: shift, hasDrawnRings: hasDrawnRings,
                subject: path, as: .keyDocument)
        }
    }

    /// Reads the content of a key file.
    /// - Parameters:
    ///   - data: the content.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        switch (document.secret, document.rings, document.values) {
        case (_?, nil, nil):
            self.init(
                name: header.name, created: header.created,
                geometry: try document.geometry(shape, hasDrawnRings: true, path),
                material: .secret(try KeyDocument.secret(in: data, named: path)))
        case (nil, let rings?, let values?):
            let levels = try KeyDocument.whole(rings, subject: "\(path): rings")
            let draft = try document.geometry(shape, hasDrawnRings: true, path)
            let areHandWritten = Self.areHandWritten(levels, ringCount: draft.ringCount)
            let geometry = try document.geometry(shape, hasDrawnRings: !areHandWritten, path)
            guard levels.count == geometry.levelCount, levels.allSatisfy({ (0..<geometry.levels).contains($0) }) else {
                throw InputError(
                    "\(path): rings", expected: "\(geometry.levelCount) levels below \(geometry.levels)",
                    found: "\(levels.count)", as: .keyDocument)
            }
            let count = RingIDMaps.of(geometry).noise.marked.count * geometry.noiseChannels.count
            guard values.count == count, values.allSatisfy(\.isFinite) else {
                throw InputError(
                    "\(path): values", expected: "\(count) numbers", found: "\(values.count)", as: .keyDocument)
            }
            self.init(
                name: header.name, created: header.created, geometry: geometry,
                material: .pattern(levels: levels, noise: values))
        default:
            throw InputError(
                path, expected: "a secret, or rings and values", found: "neither or both", as: .keyDocument)
        }
        try KeyDocument.require(id: identity.id, of: header, named: path)
    }

    /// Whether a channel's levels are all the same or alternate, as the reference's own example of a pattern does. Of keys that
    /// were drawn four in 2^11 are taken for such.
    /// - Parameters:
    ///   - levels: by channel.
    ///   - ringCount: of one channel.
    static func areHandWritten(_ levels: [Int], ringCount: Int) -> Bool {
        stride(from: 0, to: levels.count, by: ringCount).contains { start in
            let own = levels[start..<min(levels.count, start + ringCount)]
            return own.indices.dropFirst(2).allSatisfy { own[$0] == own[$0 - 2] }
        }
    }

    /// The key file's content, in memory that is wiped when it is released.
    /// - Throws: `InputError` for a name that could not be read again.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(name, subject: "key name", as: .invalidSetting)
        var document = Document(
            radius: Double(geometry.radius), innerRadius: Double(geometry.innerRadius),
            rasterSide: Double(geometry.rasterSide), ringChannels: geometry.ringChannels.map(Double.init),
            noiseChannels: geometry.noiseChannels.map(Double.init), levels: Double(geometry.levels),
            range: geometry.range, shift: geometry.isShifted)
        var secret: Secret?
        switch material {
        case .secret(let own): (secret, document.secret) = (own, SecretDigits())
        case .pattern(let levels, let noise): (document.rings, document.values) = (levels.map(Double.init), noise)
        }
        return try KeyDocument.data(
            KeyDocument.Written(KeyDocument.Header(self, scheme: RingIDScheme.title), document), secret: secret)
    }
}
