import Files
import InputErrors
import ModelFolders

/// Rounds the weights of a layer to 8 bits, symmetrically, with one scale for each output.
///
/// scale = max|w| / 127 over the output's weights, q = w / scale rounded to the nearest integer, halves to the even one;
/// q is in -127...127. Where max|w| / 127 is not a normal number, the scale is 1 and all q are 0.
package struct MatrixQuantizer {
    private static let lanes = 16
    /// Outputs that are worked on together: their bytes fill a line of the cache.
    private static let blockColumns = 64
    /// Elements of each of these outputs that are turned round together.
    private static let blockRows = 64
    /// 1.5·2²³: added to a number of at most 2²² in magnitude it leaves that number, rounded, in the lowest bits.
    private static let rounder: Float = 0x1.8p23

    /// The layer's weights.
    package let matrix: PreparedMatrix
    /// The file that they are in.
    package let file: RegularFile
    /// What errors call them.
    package let subject: String

    /// Rounds all weights, several outputs at a time.
    /// - Parameters:
    ///   - values: takes the matrix, `[rows, columns]`.
    ///   - scales: takes the scales, `[columns]`.
    /// - Throws: `InputError` for a file that cannot be read, and for a weight that is no finite number.
    package func fill(_ values: UnsafeMutableBufferPointer<Int8>, scales: UnsafeMutableBufferPointer<Float>) throws {
        precondition(
            values.count == matrix.rows * matrix.columns && scales.count == matrix.columns,
            "\(values.count) values and \(scales.count) scales of \(matrix.rows) by \(matrix.columns)")
        guard let values = values.baseAddress, let scales = scales.baseAddress else { return }
        // Each block writes columns of its own.
        nonisolated(unsafe) let target = (values: values, scales: scales)
        try Concurrently.forEach(Array(stride(from: 0, to: matrix.columns, by: Self.blockColumns))) { first in
            let block = first..<min(first + Self.blockColumns, matrix.columns)
            let offset = matrix.location.rows(block).offset
            try StoredNumbers.read(block.count * matrix.rows, matrix.location.type, from: file, at: offset) {
                numbers in
                guard let start = numbers.baseAddress else { return }
                for column in block {
                    let row = start + (column - first) * matrix.rows
                    guard let scale = Self.scale(UnsafeBufferPointer(start: row, count: matrix.rows)) else {
                        throw InputError(
                            subject, expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
                    }
                    target.scales[column] = scale
                }
                quantize(start, block, scales: target.scales, into: target.values)
            }
        }
    }

    /// The scale of one output; nil where a weight is NaN or infinite.
    private static func scale(_ weights: UnsafeBufferPointer<Float>) -> Float? {
        // Magnitudes have the order of their bits, and those of NaN and infinity are above all others.
        let bytes = UnsafeRawBufferPointer(weights)
        var highest = SIMD16<Int32>()
        var index = 0
        while index + lanes <= weights.count {
            let bits = bytes.loadUnaligned(fromByteOffset: 4 * index, as: SIMD16<Int32>.self) & 0x7FFF_FFFF
            highest = pointwiseMax(highest, bits)
            index += lanes
        }
        let rest = weights[index...].reduce(0) { max($0, $1.magnitude.bitPattern) }
        let top = Float(bitPattern: max(UInt32(bitPattern: highest.max()), rest))
        guard top.isFinite else { return nil }
        let scale = top / 127
        return scale.isNormal ? scale : 1
    }

    /// Rounds a block of outputs and writes them as columns of the matrix.
    /// - Parameter weights: of the block, one output after the other, and `StoredNumbers.slack` numbers behind them.
    private func quantize(
        _ weights: UnsafePointer<Float>, _ block: Range<Int>, scales: UnsafePointer<Float>,
        into values: UnsafeMutablePointer<Int8>
    ) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        withUnsafeTemporaryAllocation(byteCount: Self.blockRows * Self.blockColumns, alignment: 64) { tile in
            guard let start = tile.baseAddress else { return }
            for first in stride(from: 0, to: rows, by: Self.blockRows) {
                for column in stride(from: 0, to: block.count, by: 4) {
                    Self.quantize(
                        weights + first, stride: rows, column..<min(column + 4, block.count),
                        scales: scales + block.lowerBound, into: tile)
                }
                for element in first..<min(first + Self.blockRows, rows) {
                    let row = UnsafeMutableRawPointer(values + matrix.row(of: element) * columns + block.lowerBound)
                    row.copyMemory(from: start + (element - first) * Self.blockColumns, byteCount: block.count)
                }
            }
        }
    }

    /// Rounds `blockRows` elements of one to four outputs into four bytes of each line of a tile.
    private static func quantize(
        _ weights: UnsafePointer<Float>, stride: Int, _ columns: Range<Int>, scales: UnsafePointer<Float>,
        into tile: UnsafeMutableRawBufferPointer
    ) {
        func rounded(_ index: Int, _ element: Int) -> SIMD16<UInt32> {
            let column = min(columns.lowerBound + index, columns.upperBound - 1)
            let numbers = UnsafeRawPointer(weights + column * stride + element)
                .loadUnaligned(as: SIMD16<Float>.self)
            let bits = unsafeBitCast(numbers / scales[column] + rounder, to: SIMD16<UInt32>.self)
            return (bits & 0xFF) &<< UInt32(8 * index)
        }
        for element in Swift.stride(from: 0, to: blockRows, by: lanes) {
            let four = rounded(0, element) | rounded(1, element) | rounded(2, element) | rounded(3, element)
            for lane in 0..<lanes {
                tile.storeBytes(
                    of: four[lane], toByteOffset: (element + lane) * blockColumns + columns.lowerBound,
                    as: UInt32.self)
            }
        }
    }
}
