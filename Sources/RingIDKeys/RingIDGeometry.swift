import InputErrors
import Spectra
import Tensors

/// Where and how a key of RingID marks noise.
public struct RingIDGeometry: Hashable, Sendable {
    /// Square, of even sides.
    public let latentShape: LatentShape
    /// The outermost ring.
    public let radius: Int
    /// Rings up to this one carry nothing.
    public let innerRadius: Int
    /// Of the square that rings are turned in: the latent's, as MarkDiffusion has it, or one more, as the authors do.
    public let rasterSide: Int
    /// Channels whose rings have one level each; ascending.
    public let ringChannels: [Int]
    /// Channels that have noise of the key in the place of rings; ascending.
    public let noiseChannels: [Int]
    /// How many levels a ring can have, evenly spaced from -1 to 1.
    public let levels: Int
    /// What the level 1 is in the spectrum.
    public let range: Double
    /// Whether rings have their phase origin in the middle of the latent instead of its first element.
    public let isShifted: Bool
    /// Whether levels are told apart by chance; hand-written ones say nothing of the key.
    public let hasDrawnRings: Bool

    /// The longest side of a latent: rings are turned pixel by pixel.
    static let longestSide = 256
    /// The most levels.
    static let mostLevels = 16

    /// A geometry.
    /// - Parameters:
    ///   - latentShape: square, of even sides from 8 to 256.
    ///   - radius: from the inner radius + 1 to half of the side less 2.
    ///   - innerRadius: at least 1.
    ///   - rasterSide: nil for one more than the latent's side.
    ///   - ringChannels: some or none.
    ///   - noiseChannels: some or none, and none of the ring channels.
    ///   - levels: 2 to 16.
    ///   - range: nil for what white noise has, the latent's side.
    ///   - isShifted: whether the phase origin is in the middle.
    ///   - hasDrawnRings: whether levels are random.
    ///   - subject: the source, in errors.
    ///   - code: of errors.
    /// - Throws: `InputError` for what does not fit.
    public init(
        latentShape: LatentShape, radius: Int = 14, innerRadius: Int = 3, rasterSide: Int? = nil, ringChannels: [Int],
        noiseChannels: [Int], levels: Int = 2, range: Double? = nil, isShifted: Bool = true, hasDrawnRings: Bool = true,
        subject: String, as code: InputError.Code
    ) throws {
        func require(_ holds: Bool, _ expected: String, _ found: String) throws {
            if !holds { throw InputError(subject, expected: expected, found: found, as: code) }
        }
        let side = latentShape.height
        try require(
            side == latentShape.width && side % 2 == 0 && (8...Self.longestSide).contains(side)
                && (1...256).contains(latentShape.channels),
            "a square latent of an even side from 8 to \(Self.longestSide) for a key of RingID", "\(latentShape)")
        try require(
            innerRadius >= 1 && radius > innerRadius && radius <= side / 2 - 2,
            "rings from 2 to \(side / 2 - 2), the outer radius above the inner one", "\(innerRadius) and \(radius)")
        try require(
            rasterSide.map { $0 == side || $0 == side + 1 } ?? true, "a raster of \(side) or \(side + 1)",
            "\(rasterSide ?? 0)")
        let channels = ringChannels + noiseChannels
        try require(
            !channels.isEmpty && Set(channels).count == channels.count
                && channels.allSatisfy { (0..<latentShape.channels).contains($0) },
            "channels from 0 to \(latentShape.channels - 1), each once", "\(channels)")
        try require((2...Self.mostLevels).contains(levels), "2 to \(Self.mostLevels) levels", "\(levels)")
        let range = range ?? Double(side)
        try require(range.isFinite && range > 0 && range < 1e6, "a range above 0 and below 10^6", "\(range)")
        self.latentShape = latentShape
        self.radius = radius
        self.innerRadius = innerRadius
        self.rasterSide = rasterSide ?? side + 1
        self.ringChannels = ringChannels.sorted()
        self.noiseChannels = noiseChannels.sorted()
        self.levels = levels
        self.range = range
        self.isShifted = isShifted
        self.hasDrawnRings = hasDrawnRings
    }

    /// Rings of one channel.
    public var ringCount: Int { radius - innerRadius }
    /// Of all ring channels.
    var levelCount: Int { ringCount * ringChannels.count }

    /// The number that a level stands for, from -1 to 1.
    func number(ofLevel level: Int) -> Double { 2 * Double(level) / Double(levels - 1) - 1 }

    /// The text that binds a key's material to the geometry (docs/schemes/ringid.md).
    var canonicalText: String {
        func list(_ channels: [Int]) -> String { channels.map(String.init).joined(separator: ",") }
        let range = self.range == self.range.rounded() ? String(Int(self.range)) : String(self.range)
        return "ringid radius=\(radius) inner=\(innerRadius) raster=\(rasterSide) rings=\(list(ringChannels)) "
            + "noise=\(list(noiseChannels)) levels=\(levels) range=\(range) shift=\(isShifted) latent=\(latentShape)"
    }
}

extension RingIDGeometry {
    /// The ring of each cell of the spectrum, DC in the middle, by rows; 0 for none.
    public var ringOfCells: [[Int]] {
        let grid = FrequencyGrid(latentShape)
        var rings = [[Int]](
            repeating: [Int](repeating: 0, count: latentShape.width), count: latentShape.height)
        for cell in RingRaster(side: rasterSide, radius: radius, innerRadius: innerRadius, grid).rings {
            let (y, x) = grid.frequency(at: cell.index)
            rings[y + latentShape.height / 2][x + latentShape.width / 2] = cell.ring
        }
        return rings
    }
}
