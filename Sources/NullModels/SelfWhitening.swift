import Foundation
import Spectra
import Tensors

/// Evens out a latent by what it shows itself: each channel first by its local power in space, then by its smoothed power
/// spectrum, of which the axes count less.
///
/// A mark has the same power everywhere and, nearly, at every frequency. What is strong in a recovered latent beside that is
/// what the picture left there, so that a place or a frequency with much power says less about the key. That is where
/// photographs are alike, too: evened, they agree with a single key about as often as they should (docs/science.md, which
/// has the measurement of these settings). No key takes part in it and nothing is learnt: the p-value of `CosineTest` stays
/// exact.
public struct SelfWhitening: Sendable {
    /// Standard deviation of the window for local power, in shorter sides of the latent.
    static let spaceWidth = 1.0 / 16
    /// Standard deviation of the window that smooths the spectrum, in cycles per shorter side.
    static let spectrumWidth = 1.25
    /// What is left of the frequencies (0, x) and (y, 0), where pictures have their horizons, uprights and edges.
    static let axisShare = 0.7
    /// Share of the mean power that is added to the local one.
    static let spaceFloor = 0.1
    /// Share of a channel's mean power that is added to its smoothed spectrum: what has less of it, as a blur leaves it, is not
    /// raised to what has more.
    static let spectrumFloor = 0.3

    private let shape: LatentShape
    private let rows: GaussianWindow
    private let columns: GaussianWindow
    private let transform: PlaneTransform
    /// What the autocovariance is multiplied by at each lag: the transform of the smoothing window.
    private let lagWindow: [Float]
    /// `axisShare` on the axes, 1 elsewhere.
    private let shares: [Float]

    /// Whitening for latents of one shape.
    public init(_ shape: LatentShape) {
        self.shape = shape
        let side = Double(min(shape.height, shape.width))
        rows = GaussianWindow(deviation: Self.spaceWidth * side)
        columns = rows
        transform = PlaneTransform(height: shape.height, width: shape.width)
        lagWindow = (0..<shape.planeCount).map { index in
            let (y, x) = (index / shape.width, index % shape.width)
            let lag = hypot(Double(min(y, shape.height - y)), Double(min(x, shape.width - x))) / side
            return Float(exp(-2 * pow(.pi * Self.spectrumWidth * lag, 2)))
        }
        shares = (0..<shape.planeCount).map { index in
            index / shape.width == 0 || index % shape.width == 0 ? Float(Self.axisShare) : 1
        }
    }

    /// The evened latent.
    /// - Parameters:
    ///   - latent: `[1, C, h, w]`.
    ///   - mask: `[1, 1, h, w]`, 0 where the latent shows nothing of the picture, 1 where it does; nil for 1 everywhere.
    public func whitened(_ latent: Tensor, mask: Tensor? = nil) -> Tensor {
        precondition(latent.shape == shape.tensorShape(), "whitening for \(shape) of a latent of \(latent.shape)")
        return evenInSpectrum(evenInSpace(latent, mask?.elements))
    }

    /// m·(z - mean) / √(local power + floor), channel by channel; mean and local power are taken under the mask.
    private func evenInSpace(_ latent: Tensor, _ mask: [Float]?) -> Tensor {
        let count = shape.planeCount
        let mask = mask ?? [Float](repeating: 1, count: count)
        let shown = max(mask.reduce(0, +), .leastNormalMagnitude)
        let cover = smoothed(mask)
        return latent.withUnsafeBufferPointer { elements in
            Tensor(shape: latent.shape) { target in
                for start in stride(from: 0, to: shape.count, by: count) {
                    let mean = (0..<count).reduce(Float(0)) { $0 + elements[start + $1] * mask[$1] } / shown
                    let power = (0..<count).map { pow(elements[start + $0] - mean, 2) * mask[$0] }
                    let meanPower = power.reduce(0, +) / shown
                    let local = smoothed(power)
                    for place in 0..<count {
                        let own = cover[place] > 0.01 ? local[place] / cover[place] : meanPower
                        let floored = own + Float(Self.spaceFloor) * meanPower
                        let gain = floored > 0 ? mask[place] / floored.squareRoot() : 0
                        target.initializeElement(at: start + place, to: (elements[start + place] - mean) * gain)
                    }
                }
            }
        }
    }

    /// share·F / √(smoothed |F|² + floor), channel by channel. The spectrum is smoothed by a window on the autocovariance
    /// (Blackman and Tukey 1958).
    private func evenInSpectrum(_ latent: Tensor) -> Tensor {
        let count = shape.planeCount
        return Tensor(shape: latent.shape) { target in
            let power = ComplexPlane(height: shape.height, width: shape.width)
            for (channel, plane) in transform.spectra(of: latent).enumerated() {
                var mean: Float = 0
                for k in 0..<count {
                    let value = plane[k]
                    let square = value.real * value.real + value.imaginary * value.imaginary
                    power[k] = (square, 0)
                    mean += square / Float(count)
                }
                transform.inverse(power)
                for k in 0..<count { power[k] = (power[k].real * lagWindow[k], 0) }
                transform.forward(power)
                for k in 0..<count {
                    let own = max(power[k].real, 0) + Float(Self.spectrumFloor) * mean
                    let gain = own > 0 ? shares[k] / own.squareRoot() : 0
                    plane[k] = (plane[k].real * gain, plane[k].imaginary * gain)
                }
                transform.inverse(plane)
                for k in 0..<count { target.initializeElement(at: channel * count + k, to: plane[k].real) }
            }
        }
    }

    private func smoothed(_ plane: [Float]) -> [Float] {
        columns.smoothColumns(of: rows.smoothRows(of: plane, width: shape.width), width: shape.width)
    }
}
