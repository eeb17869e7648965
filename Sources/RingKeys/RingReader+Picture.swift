import Foundation
import Marks
import Spectra
import Tensors

extension RingReader {
    /// |F| of the keyed channels, and the key's numbers against the measured ones: ring by ring for `ring` keys, as a
    /// cloud of pairs for others; the measured ones alone for a key whose numbers are all the same.
    public func picture(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> MarkPicture? {
        let shape = geometry.latentShape
        let side = Double(min(shape.height, shape.width))
        let inner =
            geometry.pattern == .ring
            ? Array(stride(from: geometry.ringWidth, to: geometry.radius + 0.5, by: geometry.ringWidth)) : []
        let radii = (inner + [geometry.radius + 0.5]).map {
            (x: $0 * Double(shape.width) / side, y: $0 * Double(shape.height) / side)
        }
        return MarkPicture(
            spectra: amplitudes(noise).map { .init(channel: $0.channel, rows: $0.rows, radii: radii) },
            comparison: comparison(key.numbers, estimates(reading)))
    }

    private func comparison(_ numbers: [Double], _ measured: [Double]) -> MarkPicture.Comparison {
        if let first = numbers.first, numbers.allSatisfy({ $0 == first }) {
            return .constant(key: first, radii: magnitudes, measured: measured)
        }
        guard geometry.pattern == .ring else { return .scatter(key: numbers, measured: measured) }
        let count = magnitudes.count
        return .rings(
            radii: magnitudes,
            channels: geometry.channels.enumerated().map { index, channel in
                let own = index * count..<(index + 1) * count
                return (channel, Array(numbers[own]), Array(measured[own]))
            })
    }

    /// |F| in the keyed channels with DC in the middle, as rows.
    package func amplitudes(_ latent: Tensor) -> [(channel: Int, rows: [[Float]])] {
        let shape = geometry.latentShape
        let grid = FrequencyGrid(shape)
        return zip(geometry.channels, spectra(of: latent)).map { channel, plane in
            let rows = (0..<shape.height).map { row in
                (0..<shape.width).map { column in
                    let value = plane[grid.index(shiftedRow: row, column: column)]
                    return hypotf(value.real, value.imaginary)
                }
            }
            return (channel, rows)
        }
    }
}
