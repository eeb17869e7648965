import Files
import Foundation
import InputErrors
import Spectra
import TensorFiles
import Tensors

extension RingKey {
    /// Reads a key of the Tree-Ring package: the shifted complex spectrum, `[1, C, h, w]` or `[C, h, w]`, in a file named
    /// `<model>_<channel>_<radius>_<pattern>.npy`. What the name does not say must be given; what is given wins.
    /// - Parameters:
    ///   - path: the `.npy` file.
    ///   - channel: -1 for all channels, as the package has it.
    ///   - radius: in rows of the spectrum; nil for what the name says.
    ///   - pattern: a name of the package's; nil for what the file's name says.
    ///   - name: for people; nil for the file's name.
    public init(
        reference path: String, channel: Int? = nil, radius: Int? = nil, pattern: String? = nil, name: String? = nil
    ) throws {
        let array = try NpyArray(contentsOf: path)
        let file = RawPath(path).lastComponent.description
        let stem = file.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(file[..<$0]) } ?? file
        let parts = stem.split(separator: "_").map(String.init)
        let named = parts.count >= 4 ? parts.suffix(3).map(\.self) : []
        guard let channel = channel ?? named.first.flatMap({ Int($0) }),
            let radius = radius ?? named.dropFirst().first.flatMap({ Int($0) }),
            let patternName = pattern ?? named.last
        else {
            throw InputError(
                path, expected: "a name like HASH_CHANNEL_RADIUS_PATTERN.npy, or channel, radius and pattern",
                found: stem,
                as: .undescribedKey)
        }
        guard let pattern = KeyGeometry.Pattern(rawValue: "tree-ring/\(patternName)") else {
            throw InputError(
                path, expected: "the pattern ring, rand, zeros or const", found: patternName, as: .undescribedKey)
        }
        guard let spectrum = array.interleavedComplex else {
            throw InputError(path, expected: "a complex spectrum", found: "real numbers", as: .unsupported)
        }
        let extents = array.shape.count == 4 && array.shape[0] == 1 ? Array(array.shape.dropFirst()) : array.shape
        guard extents.count == 3 else {
            throw InputError(
                path, expected: "the shape [1, C, h, w] or [C, h, w]", found: "\(array.shape)", as: .wrongShape)
        }
        let shape = LatentShape(channels: extents[0], height: extents[1], width: extents[2])
        let geometry = try KeyGeometry(
            pattern: pattern, radius: Double(radius),
            channels: channel == -1 ? nil : [channel],
            latentShape: shape, phaseOrigin: .corner, subject: path)
        let values = Self.values(of: spectrum, inside: geometry)
        guard values.allSatisfy({ $0.real.isFinite && $0.imaginary.isFinite }) else {
            throw InputError(path, expected: "finite numbers inside the mask", found: "NaN or infinity", as: .notFinite)
        }
        self.init(
            name: name ?? stem, created: ISO8601DateFormatter().string(from: Date()), geometry: geometry,
            material: .values(values))
        try requirePlausible(path: path)
    }

    /// What a spectrum has inside the mask: by channel, then by rows of the shifted spectrum.
    /// - Parameter spectrum: `[C, h, w]`, real and imaginary parts in turn.
    private static func values(of spectrum: [Double], inside geometry: KeyGeometry) -> [ReferenceValue] {
        let shape = geometry.latentShape
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
        return values
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
        guard isPlausible else { throw InputError(path, expected: expected, found: "other values", as: .keyMismatch) }
    }
}
