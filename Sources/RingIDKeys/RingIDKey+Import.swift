import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Spectra
import TensorFiles
import Tensors

/// What is known of a pattern of RingID before it is read.
public struct RingIDPattern: Sendable {
    /// The `.npy` file: the shifted complex spectrum, `[1, C, h, w]` or `[C, h, w]`.
    public var path: String
    /// The outermost ring.
    public var radius = 14
    /// Rings up to this one carry nothing.
    public var innerRadius = 3
    /// How many values a ring can have.
    public var levels = 2
    /// The largest of them.
    public var range = 64.0

    /// A pattern with the authors' settings.
    public init(path: String) { self.path = path }

    /// The key, whose channels, raster and shift are found out: the one choice under which the pattern is one of RingID.
    /// - Parameter name: for people.
    /// - Throws: `InputError` for a file that is no pattern of these settings.
    public func key(name: String) throws -> RingIDKey {
        let planes = try planes()
        let shape = LatentShape(channels: planes.count, height: planes[0].height, width: planes[0].width)
        let present = planes.indices.filter { channel in
            (0..<shape.planeCount).contains { planes[channel][$0].real != 0 || planes[channel][$0].imaginary != 0 }
        }
        guard !present.isEmpty else {
            throw InputError(path, expected: "a pattern of RingID", found: "zeros everywhere", as: .keyMismatch)
        }
        // Rings could be read as noise, too: the choice with the most of them is the one.
        var best: (rings: Fits, noise: Fits, rasterSide: Int, isShifted: Bool)?
        for rasterSide in [shape.height + 1, shape.height] {
            for isShifted in [true, false] {
                let maps = RingIDMaps.of(
                    try geometry(shape, present, rasterSide: rasterSide, isShifted: isShifted))
                let rings: Fits = present.compactMap { channel in
                    Self.fit(planes[channel], maps.rings.pattern).map { (channel, $0) }
                }
                let others = present.filter { channel in !rings.contains { $0.channel == channel } }
                let noise: Fits = others.compactMap { channel in
                    Self.fit(planes[channel], maps.noise.pattern).map { (channel, $0) }
                }
                guard noise.count == others.count, best.map({ rings.count > $0.rings.count }) ?? true else { continue }
                best = (rings, noise, rasterSide, isShifted)
            }
        }
        guard let best else {
            throw InputError(
                path, expected: "a pattern of RingID of rings \(innerRadius + 1) to \(radius)",
                found: "another spectrum", as: .keyMismatch)
        }
        return try key(
            name, shape, rasterSide: best.rasterSide, isShifted: best.isShifted, rings: best.rings, noise: best.noise)
    }

    private typealias Fits = [(channel: Int, numbers: [Double])]

    private func geometry(
        _ shape: LatentShape, _ channels: [Int], rasterSide: Int, isShifted: Bool
    ) throws -> RingIDGeometry {
        try RingIDGeometry(
            latentShape: shape, radius: radius, innerRadius: innerRadius, rasterSide: rasterSide,
            ringChannels: channels, noiseChannels: [], levels: levels, range: range, isShifted: isShifted,
            subject: path, as: .keyMismatch)
    }

    private func key(
        _ name: String, _ shape: LatentShape, rasterSide: Int, isShifted: Bool,
        rings: Fits, noise: Fits
    ) throws -> RingIDKey {
        let found = try rings.flatMap { try $0.numbers.map(level) }
        let geometry = try RingIDGeometry(
            latentShape: shape, radius: radius, innerRadius: innerRadius, rasterSide: rasterSide,
            ringChannels: rings.map(\.channel), noiseChannels: noise.map(\.channel), levels: levels, range: range,
            isShifted: isShifted,
            hasDrawnRings: !RingIDKey.areHandWritten(found, ringCount: radius - innerRadius), subject: path,
            as: .keyMismatch)
        return RingIDKey(
            name: name, created: KeyDocument.time(Date()), geometry: geometry,
            material: .pattern(levels: found, noise: noise.flatMap { $0.numbers.map { Float($0) } }))
    }

    private func level(of number: Double) throws -> Int {
        let level = ((number + 1) / 2 * Double(levels - 1)).rounded()
        guard (0...Double(levels - 1)).contains(level), abs(level / Double(levels - 1) * 2 - 1 - number) < 1e-3 else {
            throw InputError(
                path, expected: "rings of \(levels) levels from -\(range) to \(range)",
                found: String(format: "one of %.2f", number * range), as: .keyMismatch)
        }
        return Int(level)
    }

    /// One plane a channel, unshifted.
    private func planes() throws -> [ComplexPlane] {
        let array = try NpyArray(contentsOf: path)
        guard let spectrum = array.interleavedComplex else {
            throw InputError(path, expected: "a complex spectrum", found: "real numbers", as: .unsupported)
        }
        let extents = array.shape.count == 4 && array.shape[0] == 1 ? Array(array.shape.dropFirst()) : array.shape
        guard extents.count == 3, extents[1] == extents[2], extents[1] % 2 == 0, (8...256).contains(extents[1]),
            (1...256).contains(extents[0])
        else {
            throw InputError(
                path, expected: "the shape [1, C, h, h] or [C, h, h], h even and from 8 to 256",
                found: "\(array.shape)", as: .wrongShape)
        }
        guard spectrum.allSatisfy(\.isFinite) else {
            throw InputError(path, expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let (side, count) = (extents[1], extents[1] * extents[1])
        let grid = FrequencyGrid(LatentShape(channels: 1, height: side, width: side))
        return (0..<extents[0]).map { channel in
            let plane = ComplexPlane(height: side, width: side)
            for place in 0..<count {
                let at = 2 * (channel * count + place)
                plane[grid.index(shiftedRow: place / side, column: place % side)] = (
                    Float(spectrum[at]), Float(spectrum[at + 1])
                )
            }
            return plane
        }
    }

    /// κ = (WᵀW)⁻¹WᵀP/√N, where √N·Wκ is P to a thousandth of its norm; nil where it is not.
    private static func fit(_ plane: ComplexPlane, _ map: SpectralMap) -> [Double]? {
        let count = plane.height * plane.width
        let numbers = map.gram().choleskyFactor(shift: 1e-9).solve(map.matched(plane))
        var square = (0..<count).reduce(0.0) {
            $0 + pow(Double(plane[$1].real), 2) + pow(Double(plane[$1].imaginary), 2)
        }
        let allowed = 1e-6 * square
        for entry in map.spectrum(of: numbers[...], planeCount: count) {
            let (real, imaginary) = (Double(plane[entry.index].real), Double(plane[entry.index].imaginary))
            square += pow(real - entry.real, 2) + pow(imaginary - entry.imaginary, 2) - real * real
            square -= imaginary * imaginary
        }
        return square <= allowed ? numbers : nil
    }
}
