import Foundation
import RandomNumbers
import Registration
import Tensors

/// A mark of normal numbers in a disc of frequencies, and what is left of it in a frame that was moved.
struct MovedMark {
    let shape: LatentShape
    let frequencies: [(x: Int, y: Int)]
    /// Real and imaginary parts by frequency, then by channel; phases from the frame's centre.
    let coefficients: [Double]

    init(seed: UInt64, radius: Double, shape: LatentShape) {
        self.shape = shape
        let side = Double(min(shape.height, shape.width))
        let reach = Int(radius * Double(max(shape.height, shape.width)) / side) + 1
        var frequencies: [(x: Int, y: Int)] = []
        for y in 0...reach {
            for x in -reach...reach where y > 0 || x > 0 {
                let (right, down) = (Double(x) * side / Double(shape.width), Double(y) * side / Double(shape.height))
                if hypot(right, down) <= radius + 0.5 { frequencies.append((x, y)) }
            }
        }
        self.frequencies = frequencies
        var stream = NormalStream(seed: seed)
        coefficients = stream.next(2 * frequencies.count * shape.channels)
    }

    var key: SpectralKey {
        SpectralKey(frequencies: frequencies.count, channels: shape.channels) { frequency, channel in
            let at = 2 * (frequency * shape.channels + channel)
            return (coefficients[at], coefficients[at + 1])
        }
    }

    /// U(A⁻¹v - s) at every place v of a frame: the waves themselves, nothing is resampled; 0 where U has nothing.
    func observed(_ map: LinearMap, shift: (x: Double, y: Double) = (0, 0)) -> Tensor {
        let back = map.inverse
        let count = shape.planeCount
        var elements = [Float](repeating: 0, count: shape.count)
        for place in 0..<count {
            let u = back(
                x: (Double(place % shape.width) - Double(shape.width - 1) / 2) / Double(shape.width),
                y: (Double(place / shape.width) - Double(shape.height - 1) / 2) / Double(shape.height))
            let (x, y) = (u.x - shift.x, u.y - shift.y)
            guard abs(x) <= 0.5, abs(y) <= 0.5 else { continue }
            for (index, k) in frequencies.enumerated() {
                let angle = 2 * Double.pi * (Double(k.x) * x + Double(k.y) * y)
                let (c, s) = (cos(angle), sin(angle))
                for channel in 0..<shape.channels {
                    let at = 2 * (index * shape.channels + channel)
                    elements[channel * count + place] += Float(coefficients[at] * c - coefficients[at + 1] * s)
                }
            }
        }
        // Of unit variance.
        let scale = Float(1 / Double(frequencies.count).squareRoot())
        return Tensor(elements.map { $0 * scale }, shape: shape.tensorShape())
    }
}
