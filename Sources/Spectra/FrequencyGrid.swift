import Foundation
import Tensors

/// The frequencies of a plane, in cycles per plane on each axis, by the row-major index of an unshifted spectrum.
package struct FrequencyGrid {
    package let height: Int
    package let width: Int

    package init(_ shape: LatentShape) {
        height = shape.height
        width = shape.width
    }

    package var count: Int { height * width }

    /// -h/2 ... h/2-1 and -w/2 ... w/2-1.
    package func frequency(at index: Int) -> (y: Int, x: Int) {
        let (y, x) = (index / width, index % width)
        return (y < (height + 1) / 2 ? y : y - height, x < (width + 1) / 2 ? x : x - width)
    }

    /// The index of a frequency, taken modulo the plane.
    package func index(y: Int, x: Int) -> Int {
        ((y % height + height) % height) * width + (x % width + width) % width
    }

    /// The index of -k. A real plane has conjugate coefficients at k and -k.
    package func opposite(_ index: Int) -> Int {
        let (y, x) = frequency(at: index)
        return self.index(y: -y, x: -x)
    }

    /// |k| in cycles per shorter side, so that circles are circles in pixels on planes that are not square.
    package func magnitude(at index: Int) -> Double {
        let (y, x) = frequency(at: index)
        let side = Double(min(height, width))
        return hypot(Double(y) * side / Double(height), Double(x) * side / Double(width))
    }

    /// Whether the frequency lies on the Nyquist row or column of an even side, where k and -k may coincide.
    package func isNyquist(_ index: Int) -> Bool {
        let (y, x) = frequency(at: index)
        return 2 * abs(y) == height || 2 * abs(x) == width
    }

    /// exp(-2πi k·c) for the middle c of the plane: what a spectrum that is real about the middle has at k.
    package func centrePhase(at index: Int) -> (real: Double, imaginary: Double) {
        let (y, x) = frequency(at: index)
        let turns =
            Double(y) * Double(height - 1) / (2 * Double(height)) + Double(x) * Double(width - 1) / (2 * Double(width))
        return (cos(2 * Double.pi * turns), -sin(2 * Double.pi * turns))
    }

    /// The unshifted index of row and column of a spectrum with DC in the middle (`numpy.fft.fftshift`).
    package func index(shiftedRow row: Int, column: Int) -> Int {
        index(y: row - height / 2, x: column - width / 2)
    }
}
