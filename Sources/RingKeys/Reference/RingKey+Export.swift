import Foundation
import Spectra
import TensorFiles

extension RingKey {
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
}
