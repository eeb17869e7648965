import Tensors

/// Fills the holes of a picture smoothly from what lies around them, so that an encoder sees no edge there: what is missing
/// at one size is taken from half that size, where each pixel is the mean of those that are there ("push-pull", Gortler et
/// al. 1996).
package enum HoleFilling {
    /// One size of the picture: sums of samples and of weights.
    private struct Level {
        let width: Int
        let height: Int
        /// By channel, then by rows.
        var samples: [Float]
        var weights: [Float]

        var count: Int { width * height }
    }

    /// - Parameters:
    ///   - picture: `[1, 3, H, W]`.
    ///   - mask: which pixels are there, by rows; at least one.
    package static func filled(_ picture: Tensor, mask: [Bool]) -> Tensor {
        let (height, width) = (picture.shape[2], picture.shape[3])
        precondition(mask.count == width * height, "a mask of \(mask.count) pixels for \(width)×\(height)")
        precondition(mask.contains(true), "nothing to fill \(width)×\(height) holes from")
        let elements = picture.elements
        var levels = [
            Level(
                width: width, height: height,
                samples: elements.indices.map { mask[$0 % mask.count] ? elements[$0] : 0 },
                weights: mask.map { $0 ? 1 : 0 })
        ]
        while let last = levels.last, last.weights.contains(0) { levels.append(halved(last)) }
        for index in levels.indices.dropLast().reversed() { pull(&levels[index], from: levels[index + 1]) }
        return Tensor(levels[0].samples, shape: picture.shape)
    }

    /// Each pixel the mean of the four that are there.
    private static func halved(_ level: Level) -> Level {
        let (width, height) = ((level.width + 1) / 2, (level.height + 1) / 2)
        var half = Level(
            width: width, height: height, samples: [Float](repeating: 0, count: 3 * width * height),
            weights: [Float](repeating: 0, count: width * height))
        for y in 0..<level.height {
            for x in 0..<level.width where level.weights[y * level.width + x] > 0 {
                let place = y / 2 * width + x / 2
                half.weights[place] += 1
                for channel in 0..<3 {
                    half.samples[channel * half.count + place] +=
                        level.samples[channel * level.count + y * level.width + x]
                }
            }
        }
        for place in 0..<half.count where half.weights[place] > 0 {
            for channel in 0..<3 { half.samples[channel * half.count + place] /= half.weights[place] }
            half.weights[place] = 1
        }
        return half
    }

    /// What is missing comes from the half size, interpolated linearly.
    private static func pull(_ level: inout Level, from half: Level) {
        for y in 0..<level.height {
            let row = min(max((Float(y) - 0.5) / 2, 0), Float(half.height - 1))
            let (top, v) = (Int(row), row - Float(Int(row)))
            let bottom = min(top + 1, half.height - 1)
            for x in 0..<level.width where level.weights[y * level.width + x] == 0 {
                let column = min(max((Float(x) - 0.5) / 2, 0), Float(half.width - 1))
                let (left, u) = (Int(column), column - Float(Int(column)))
                let right = min(left + 1, half.width - 1)
                for channel in 0..<3 {
                    func sample(_ y: Int, _ x: Int) -> Float { half.samples[channel * half.count + y * half.width + x] }
                    level.samples[channel * level.count + y * level.width + x] =
                        (1 - v) * ((1 - u) * sample(top, left) + u * sample(top, right))
                        + v * ((1 - u) * sample(bottom, left) + u * sample(bottom, right))
                }
            }
        }
    }
}
