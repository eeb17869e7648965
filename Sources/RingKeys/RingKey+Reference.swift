import Foundation
import Tensors

extension RingKey {
    /// Reads a key of the Tree-Ring package: the shifted complex spectrum, `[1, C, h, w]` or `[C, h, w]`, in a file named
    /// `<model>_<channel>_<radius>_<pattern>.npy`. What the name does not say must be given; what is given wins.
    /// - Parameter channel: -1 for all channels, as the package has it.
    public init(
        reference path: String, channel: Int? = nil, radius: Int? = nil, pattern: String? = nil, name: String? = nil
    ) throws {
        let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let parts = stem.split(separator: "_").map(String.init)
        let named = parts.count >= 4 ? parts.suffix(3).map(\.self) : []
        guard let channel = channel ?? named.first.flatMap({ Int($0) }),
            let radius = radius ?? named.dropFirst().first.flatMap({ Int($0) }),
            let patternName = pattern ?? named.last
        else {
            throw InputError(
                path, expected: "a name like HASH_CHANNEL_RADIUS_PATTERN.npy, or --channel, --radius and --pattern",
                found: stem)
        }
        guard let pattern = KeyGeometry.Pattern(rawValue: "tree-ring/\(patternName)") else {
            throw InputError(path, expected: "the pattern ring, rand, zeros or const", found: patternName)
        }
        let array = try NpyArray(contentsOf: path)
        guard let spectrum = array.interleavedComplex else {
            throw InputError(path, expected: "a complex spectrum", found: "real numbers")
        }
        let extents = array.shape.count == 4 && array.shape[0] == 1 ? Array(array.shape.dropFirst()) : array.shape
        guard extents.count == 3 else {
            throw InputError(path, expected: "the shape [1, C, h, w] or [C, h, w]", found: "\(array.shape)")
        }
        let shape = LatentShape(channels: extents[0], height: extents[1], width: extents[2])
        let geometry = try KeyGeometry(
            pattern: pattern, radius: Double(radius),
            channels: channel == -1 ? Array(0..<max(extents[0], 0)) : [channel],
            latentShape: shape, phaseOrigin: .corner, subject: path)
        let grid = FrequencyGrid(shape)
        let mask = ReferenceMask(geometry)
        var values: [ReferenceValue] = []
        for channel in geometry.channels {
            for index in mask.indices {
                let (y, x) = grid.frequency(at: index)
                let at = 2 * ((channel * shape.height + y + shape.height / 2) * shape.width + x + shape.width / 2)
                values.append(ReferenceValue(real: Float(spectrum[at]), imaginary: Float(spectrum[at + 1])))
            }
        }
        guard values.allSatisfy({ $0.real.isFinite && $0.imaginary.isFinite }) else {
            throw InputError(path, expected: "finite numbers inside the mask", found: "NaN or infinity")
        }
        self.init(
            name: name ?? stem, created: ISO8601DateFormatter().string(from: Date()), geometry: geometry,
            material: .values(values))
        try requirePlausible(path: path)
    }

    /// The spectrum as the Tree-Ring package stores it: shifted, complex64, `[1, C, h, w]`, zero outside the mask.
    public var referenceSpectrum: NpyArray {
        let shape = geometry.latentShape
        let grid = FrequencyGrid(shape)
        var values = [Float](repeating: 0, count: 2 * shape.count)
        for entry in targetSpectrum() {
            let (y, x) = grid.frequency(at: entry.index)
            let at = 2 * ((entry.channel * shape.height + y + shape.height / 2) * shape.width + x + shape.width / 2)
            values[at] = Float(entry.real)
            values[at + 1] = Float(entry.imaginary)
        }
        return NpyArray(shape: shape.tensorShape(), elements: .complex64(values))
    }

    /// The file name that the package would give the key.
    public var referenceFileName: String {
        let channel = geometry.channels.count == 1 ? geometry.channels[0] : -1
        let pattern = geometry.pattern.rawValue.split(separator: "/").last.map(String.init) ?? ""
        return "\(id)_\(channel)_\(Int(geometry.radius))_\(pattern).npy"
    }

    /// One coefficient that marking puts into the spectrum.
    struct TargetCoefficient {
        let channel: Int
        /// Unshifted.
        let index: Int
        let real: Double
        let imaginary: Double
    }

    /// K: the coefficients that marking puts into the spectrum, before any real part is taken.
    func targetSpectrum() -> [TargetCoefficient] {
        let scale = Double(geometry.latentShape.planeCount).squareRoot()
        switch material {
        case .values(let values):
            let indices = ReferenceMask(geometry).indices
            return zip(geometry.channels.flatMap { channel in indices.map { (channel, $0) } }, values).map {
                TargetCoefficient(
                    channel: $0.0, index: $0.1, real: Double($1.real), imaginary: Double($1.imaginary))
            }
        case .secret:
            let map = SpectralMap(geometry)
            let numbers = self.numbers
            return geometry.channels.enumerated().flatMap { position, channel in
                var sums: [Int: (Double, Double)] = [:]
                for weight in map.weights {
                    let number = numbers[position * map.count + weight.number] * scale
                    let sum = sums[weight.index] ?? (0, 0)
                    sums[weight.index] = (sum.0 + number * weight.real, sum.1 + number * weight.imaginary)
                }
                return sums.sorted { $0.key < $1.key }.map {
                    TargetCoefficient(channel: channel, index: $0.key, real: $0.value.0, imaginary: $0.value.1)
                }
            }
        }
    }

    /// κ of a reference key: its complex values in units of what white noise has, one for each ring or pair.
    func referenceNumbers(_ values: [ReferenceValue]) -> [Double] {
        let mask = ReferenceMask(geometry)
        let grid = FrequencyGrid(geometry.latentShape)
        let unit = (Double(grid.count) / 2).squareRoot()
        let indices = Set(mask.indices)
        var numbers: [Double] = []
        for position in geometry.channels.indices {
            let own = values[position * mask.rings.count..<(position + 1) * mask.rings.count]
            if geometry.pattern == .treeRingRing {
                for ring in 1...Int(geometry.radius) {
                    guard let (_, value) = zip(mask.rings, own).first(where: { $0.0.ring == ring }) else { continue }
                    numbers += [Double(value.real) / unit, Double(value.imaginary) / unit]
                }
                continue
            }
            for (index, value) in zip(mask.indices, own) {
                let opposite = grid.opposite(index)
                if opposite == index {
                    numbers.append(Double(value.real) / (unit * 2.0.squareRoot()))
                } else if !indices.contains(opposite) || index < opposite {
                    numbers += [Double(value.real) / unit, Double(value.imaginary) / unit]
                }
            }
        }
        return numbers
    }

    /// A pattern that the values contradict is somebody's mistake.
    private func requirePlausible(path: String) throws {
        guard case .values(let values) = material else { return }
        let mask = ReferenceMask(geometry)
        let expected: String
        let isPlausible: Bool
        switch geometry.pattern {
        case .treeRingZeros:
            expected = "zeros inside the mask"
            isPlausible = values.allSatisfy { $0.real == 0 && $0.imaginary == 0 }
        case .treeRingConst:
            expected = "one constant inside the mask"
            isPlausible = values.allSatisfy { $0 == values[0] }
        case .treeRingRing:
            expected = "one value on each ring of radius \(Int(geometry.radius))"
            isPlausible = geometry.channels.indices.allSatisfy { position in
                let own = values[position * mask.rings.count..<(position + 1) * mask.rings.count]
                let byRing = Dictionary(grouping: zip(mask.rings, own), by: \.0.ring)
                return byRing.values.allSatisfy { cells in cells.allSatisfy { $0.1 == cells[0].1 } }
                    && own.contains { $0.real != 0 || $0.imaginary != 0 }
            }
        default:
            expected = "noise inside the mask"
            isPlausible = Set(values.map(\.real)).count > values.count / 3
        }
        guard isPlausible else { throw InputError(path, expected: expected, found: "other values") }
    }
}
