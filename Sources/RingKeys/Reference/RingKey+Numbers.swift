import Foundation
import Spectra

extension RingKey {
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
}
