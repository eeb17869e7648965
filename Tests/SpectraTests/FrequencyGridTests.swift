import Spectra
import Tensors
import Testing

/// Frequencies as `numpy.fft.fftfreq(n) * n` orders them.
struct FrequencyGridTests {
    @Test func frequenciesAreThoseOfNumPy() {
        let grid = FrequencyGrid(LatentShape(channels: 1, height: 5, width: 4))
        // numpy.fft.fftfreq(5) * 5, numpy.fft.fftfreq(4) * 4
        let (rows, columns) = ([0, 1, 2, -2, -1], [0, 1, -2, -1])
        for (row, y) in rows.enumerated() {
            for (column, x) in columns.enumerated() {
                let index = row * 4 + column
                #expect(grid.frequency(at: index) == (y, x))
                #expect(grid.index(y: y, x: x) == index)
                #expect(grid.opposite(grid.opposite(index)) == index)
                #expect(grid.isNyquist(index) == (x == -2))
            }
        }
        #expect(grid.opposite(1 * 4 + 1) == 4 * 4 + 3)
    }

    /// `numpy.fft.fftshift(numpy.arange(20).reshape(5, 4))`
    @Test func shiftedIndicesAreThoseOfNumPy() {
        let grid = FrequencyGrid(LatentShape(channels: 1, height: 5, width: 4))
        let shifted = (0..<5).map { row in (0..<4).map { grid.index(shiftedRow: row, column: $0) } }
        #expect(
            shifted == [[14, 15, 12, 13], [18, 19, 16, 17], [2, 3, 0, 1], [6, 7, 4, 5], [10, 11, 8, 9]])
    }
}
