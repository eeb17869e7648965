import CKeyScan
import RandomNumbers
import Testing

/// Every kernel computes the same whole numbers as a plain loop.
@Suite struct KernelTests {
    private static let kernels = [CKEYSCAN_PORTABLE, CKEYSCAN_AVX2, CKEYSCAN_AVX512_VNNI].filter {
        ckeyscan_has($0) != 0
    }

    private func products(
        _ kernel: CKeyScanKernel, _ rows: [Int8], _ readings: [Int8], stride: Int
    ) -> [Int32] {
        let (rowCount, readingCount) = (rows.count / stride, readings.count / stride)
        var products = [Int32](repeating: -1, count: rowCount * readingCount)
        ckeyscan_products(kernel, rows, rowCount, readings, readingCount, stride, &products)
        return products
    }

    @Test(arguments: kernels) func productsAreExact(_ kernel: CKeyScanKernel) {
        var generator = SeededGenerator(seed: 7)
        for (rowCount, readingCount, stride) in [
            (1, 1, 64), (3, 2, 128), (4, 4, 64), (5, 7, 192), (259, 9, 1408), (8, 32, 64), (6, 3, 4096),
        ] {
            func random(_ count: Int) -> [Int8] {
                (0..<count).map { _ in Int8.random(in: -127...127, using: &generator) }
            }
            let (rows, readings) = (random(rowCount * stride), random(readingCount * stride))
            let found = products(kernel, rows, readings, stride: stride)
            for reading in 0..<readingCount {
                for row in 0..<rowCount {
                    let plain = (0..<stride).reduce(0) {
                        $0 + Int32(rows[row * stride + $1]) * Int32(readings[reading * stride + $1])
                    }
                    #expect(found[reading * rowCount + row] == plain, "row \(row) of \(rowCount), reading \(reading)")
                }
            }
        }
    }

    /// The largest numbers there are, of each sign: where a kernel that saturates would be wrong.
    @Test(arguments: kernels) func nothingSaturates(_ kernel: CKeyScanKernel) {
        let stride = 65536
        for (a, b) in [(127, 127), (-127, 127), (127, -127), (-127, -127)] as [(Int8, Int8)] {
            let rows = [Int8](repeating: a, count: 5 * stride)
            let found = products(kernel, rows, [Int8](repeating: b, count: 5 * stride), stride: stride)
            #expect(found.allSatisfy { $0 == Int32(stride) * Int32(a) * Int32(b) }, "\(found[0])")
        }
    }
}

extension CKeyScanKernel: @retroactive CustomTestStringConvertible {
    /// The kernel as a test names it.
    public var testDescription: String { "kernel \(rawValue)" }
}
