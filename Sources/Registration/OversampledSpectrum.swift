import Foundation
import Spectra
import Tensors

/// The spectrum of a latent at any frequency, by bilinear interpolation of the zero-padded transform.
///
/// Frequencies are in cycles per side of the frame, phases are counted from the frame's centre, where the spectrum changes
/// slowest. The latent is divided by sinc² beforehand, which undoes what interpolation does to points far from the centre.
/// Past the frame's Nyquist frequency there is nothing.
package struct OversampledSpectrum {
    /// Padded rows and columns for each one of the latent.
    private static let factor = 4

    /// Channels in blocks of four; those that fill the last block are zero.
    let blocks: Int
    private let height: Int
    private let width: Int
    /// By rows of the padded plane, DC in its middle, then by blocks: four real parts, four imaginary ones.
    private let values: [SIMD8<Float>]

    /// The transform that latents of a shape need.
    package static func transform(_ shape: LatentShape) -> PlaneTransform {
        PlaneTransform(height: factor * shape.height, width: factor * shape.width)
    }

    /// - Parameters:
    ///   - latent: `[1, C, h, w]`.
    ///   - channels: the ones that are wanted.
    ///   - transform: as `transform(_:)` makes it for the latent's shape.
    package init(_ latent: Tensor, channels: [Int], transform: PlaneTransform) {
        let (height, width) = (latent.shape[2], latent.shape[3])
        (self.height, self.width) = (height, width)
        let (rows, columns) = (Self.factor * height, Self.factor * width)
        let blocks = (channels.count + 3) / 4
        self.blocks = blocks
        let plane = ComplexPlane(height: rows, width: columns)
        let (rowGains, columnGains) = (Self.gains(height), Self.gains(width))
        let (rowPhases, columnPhases) = (Self.phases(height), Self.phases(width))
        var values = [SIMD8<Float>](repeating: .zero, count: rows * columns * blocks)
        for (position, channel) in channels.enumerated() {
            plane.clear()
            latent.withUnsafeBufferPointer { elements in
                let start = channel * height * width
                for y in 0..<height {
                    for x in 0..<width {
                        plane[y * columns + x] = (elements[start + y * width + x] * rowGains[y] * columnGains[x], 0)
                    }
                }
            }
            transform.forward(plane)
            // Lane `position % 4` of the real half and of the imaginary half of each place's block.
            values.withUnsafeMutableBytes { bytes in
                let floats = bytes.bindMemory(to: Float.self)
                let first = 8 * (position / 4) + position % 4
                for y in 0..<rows {
                    let row = (y + rows / 2) % rows
                    let a = rowPhases[row]
                    for half in 0..<2 {
                        let shifted = half == 0 ? columns / 2 : -columns / 2
                        for x in half * columns / 2..<(half + 1) * columns / 2 {
                            let b = columnPhases[x + shifted]
                            let (real, imaginary) = (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
                            let value = plane[y * columns + x]
                            let at = (row * columns + x + shifted) * 8 * blocks + first
                            floats[at] = value.real * real - value.imaginary * imaginary
                            floats[at + 4] = value.real * imaginary + value.imaginary * real
                        }
                    }
                }
            }
        }
        self.values = values
    }

    /// The spectrum at points that go into `target`, `blocks` places each.
    /// - Parameters:
    ///   - frequencies: x and y in cycles per side.
    ///   - map: what they are mapped by first.
    /// - Returns: the sum of squares of everything.
    package func sample(
        _ frequencies: [SIMD2<Float>], mappedBy map: LinearMap, into target: UnsafeMutableBufferPointer<SIMD8<Float>>
    ) -> Float {
        let (xx, xy, yx, yy) = (Float(map.xx), Float(map.xy), Float(map.yx), Float(map.yy))
        let (rows, columns) = (Self.factor * height, Self.factor * width)
        let limit = SIMD2(Float(width) / 2, Float(height) / 2)
        let middle = SIMD2(Float(columns / 2), Float(rows / 2))
        var squares = SIMD8<Float>.zero
        values.withUnsafeBufferPointer { values in
            for (index, frequency) in frequencies.enumerated() {
                let x = xx * frequency.x + xy * frequency.y
                let y = yx * frequency.x + yy * frequency.y
                guard abs(x) < limit.x, abs(y) < limit.y else {
                    for block in 0..<blocks { target[index * blocks + block] = .zero }
                    continue
                }
                let place = SIMD2(x, y) * Float(Self.factor) + middle
                // The last row and column have no next one: the limit is reached there.
                let (left, top) = (min(Int(place.x), columns - 2), min(Int(place.y), rows - 2))
                let (u, v) = (place.x - Float(left), place.y - Float(top))
                let weights = SIMD4((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
                let first = (top * columns + left) * blocks
                let second = first + columns * blocks
                for block in 0..<blocks {
                    var value = values[first + block] * weights[0]
                    value += values[first + blocks + block] * weights[1]
                    value += values[second + block] * weights[2]
                    value += values[second + blocks + block] * weights[3]
                    target[index * blocks + block] = value
                    squares += value * value
                }
            }
        }
        return squares.sum()
    }

    /// 1/sinc² of each row's or column's distance from the centre, in padded sides.
    private static func gains(_ count: Int) -> [Float] {
        (0..<count).map { index in
            let distance = .pi * (Double(index) - Double(count - 1) / 2) / Double(factor * count)
            let sinc = distance == 0 ? 1 : sin(distance) / distance
            return Float(1 / (sinc * sinc))
        }
    }

    /// exp(2πi f·c) of each frequency of one side, DC in the middle, for the centre c = (n - 1)/2 in elements.
    private static func phases(_ count: Int) -> [(Float, Float)] {
        let padded = factor * count
        return (0..<padded).map { index in
            let angle = 2 * Double.pi * Double(index - padded / 2) / Double(padded) * Double(count - 1) / 2
            return (Float(cos(angle)), Float(sin(angle)))
        }
    }
}
