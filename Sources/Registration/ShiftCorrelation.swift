import CFFTW
import Spectra

/// The correlation of an observed spectrum with a key at every shift of a grid at once.
///
/// With F the observed spectrum where the key has K, c(s) = Re Σ F·K̄·exp(2πi k·s) is one inverse transform of F·K̄ on a
/// plane that holds the key's frequencies. It has its own memory, so that one thread at a time may use it: `AffineSearch` lends
/// each to one call.
package final class ShiftCorrelation: @unchecked Sendable {
    /// Where a frequency of the half plane lies in a Hermitian spectrum of which non-negative columns are kept.
    private struct Slot {
        let index: Int
        /// Whether it is the opposite frequency that is kept, which has the conjugate.
        let isOpposite: Bool
        /// On column 0 both are kept; else -1.
        let other: Int
    }

    private let transform: InverseRealTransform
    private let slots: [Slot]
    private let blocks: Int

    /// - Parameters:
    ///   - side: places of the shift along each side; more than twice the largest frequency.
    ///   - frequencies: whole, one of each pair k, -k.
    ///   - blocks: of four channels.
    package init(side: Int, frequencies: [SIMD2<Float>], blocks: Int) {
        transform = InverseRealTransform(side: side)
        self.blocks = blocks
        let columns = transform.columns
        slots = frequencies.map { frequency in
            let (x, y) = (Int(frequency.x), Int(frequency.y))
            precondition(2 * max(abs(x), abs(y)) < side, "frequency \(x), \(y) on a grid of \(side)")
            func row(_ y: Int) -> Int { (y + side) % side }
            return Slot(
                index: (x < 0 ? row(-y) : row(y)) * columns + abs(x), isOpposite: x < 0,
                other: x == 0 ? row(-y) * columns : -1)
        }
    }

    /// Twice c at every shift, by rows; valid until the next call.
    package func correlate(
        _ spectrum: UnsafeBufferPointer<SIMD8<Float>>, with key: SpectralKey
    ) -> UnsafeBufferPointer<Float> {
        transform.transform { target in
            for (index, slot) in slots.enumerated() {
                let (real, imaginary) = Self.product(spectrum, key, index, blocks)
                target[slot.index] = (real, slot.isOpposite ? -imaginary : imaginary)
                if slot.other >= 0 { target[slot.other] = (real, -imaginary) }
            }
        }
    }

    /// Σ F·K̄ over the channels of one frequency.
    @inline(__always) static func product(
        _ spectrum: UnsafeBufferPointer<SIMD8<Float>>, _ key: SpectralKey, _ index: Int, _ blocks: Int
    ) -> (Float, Float) {
        var real = SIMD8<Float>.zero
        var imaginary = SIMD8<Float>.zero
        key.values.withUnsafeBufferPointer { values in
            key.turned.withUnsafeBufferPointer { turned in
                for block in index * blocks..<(index + 1) * blocks {
                    real += spectrum[block] * values[block]
                    imaginary += spectrum[block] * turned[block]
                }
            }
        }
        return (real.sum(), imaginary.sum())
    }
}
