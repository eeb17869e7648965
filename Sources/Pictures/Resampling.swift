/// Pillow's antialiased bilinear resampling of 8-bit images, `Image.resize(size, Image.BILINEAR)`, bit by bit:
/// a triangle filter, widened by the scale when shrinking; the horizontal pass first; each pass rounded to 8 bits, with
/// coefficients of 22 fractional bits.
///
/// Notation (Pillow's `src/libImaging/Resample.c`):
///
///     position   an output pixel of one axis
///     centre     its middle in input pixels, (position + 1/2)·scale
///     support    half the filter's width in input pixels, max(scale, 1)
///
/// Limitations: 8-bit RGB only; no `box` and no `reducing_gap`. The passes run in the order of every Pillow before 13.
/// Pillow 13 runs the vertical one first where the height shrinks by more than twice the pixels of the width, so that a
/// sample there may differ by 1.
package enum Resampling {
    /// Bits after the point of a coefficient.
    private static let precision = 22
    private static let half = Int32(1) << Int32(precision - 1)

    /// The whole image at another size.
    package static func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
        resize(image, width: width, height: height, columns: 0..<width, rows: 0..<height)
    }

    /// The window `columns` × `rows` of the image resized to `width` × `height`; nothing outside it is computed, so that
    /// the cost does not grow with the part that is cut off.
    package static func resize(
        _ image: RGBImage, width: Int, height: Int, columns: Range<Int>, rows: Range<Int>
    ) -> RGBImage {
        precondition(image.width > 0 && image.height > 0, "no pixels in \(image.width)×\(image.height)")
        precondition(
            columns.lowerBound >= 0 && columns.upperBound <= width && !columns.isEmpty
                && rows.lowerBound >= 0 && rows.upperBound <= height && !rows.isEmpty,
            "the window \(columns)×\(rows) is not in \(width)×\(height)")
        if columns == 0..<image.width, rows == 0..<image.height, width == image.width, height == image.height {
            return image
        }
        let vertical = Filter(input: image.height, output: height, positions: rows)
        let horizontal = Filter(input: image.width, output: width, positions: columns)
        let read = vertical.inputs
        let strip = horizontalPass(image, rows: read, filter: horizontal)
        return verticalPass(strip, width: columns.count, firstRow: read.lowerBound, filter: vertical)
    }

    /// For each output position the first input it reads and its coefficients, `taps` places to a position. Where the
    /// size stays, it is the identity: the coefficients are 1 and 0.
    private struct Filter {
        let taps: Int
        var starts: [Int] = []
        var counts: [Int] = []
        var coefficients: [Int32]

        init(input: Int, output: Int, positions: Range<Int>) {
            let scale = Double(input) / Double(output)
            let support = max(scale, 1)
            let perSupport = 1 / support
            taps = Int(support.rounded(.up)) * 2 + 1
            starts.reserveCapacity(positions.count)
            counts.reserveCapacity(positions.count)
            coefficients = [Int32](repeating: 0, count: taps * positions.count)
            var weights = [Double](repeating: 0, count: taps)
            for (row, position) in positions.enumerated() {
                let centre = (Double(position) + 0.5) * scale
                let first = max(Int(centre - support + 0.5), 0)
                let count = min(Int(centre + support + 0.5), input) - first
                var sum = 0.0
                for tap in 0..<count {
                    weights[tap] = max(0, 1 - abs((Double(first + tap) - centre + 0.5) * perSupport))
                    sum += weights[tap]
                }
                for tap in 0..<count {
                    let weight = sum == 0 ? 0 : weights[tap] / sum
                    coefficients[row * taps + tap] = Int32(0.5 + weight * Double(1 << Resampling.precision))
                }
                starts.append(first)
                counts.append(count)
            }
        }

        /// The inputs that are read at all; both bounds grow with the position.
        var inputs: Range<Int> {
            guard let first = starts.first, let last = starts.last, let count = counts.last else { return 0..<0 }
            return first..<last + count
        }
    }

    /// The rows `rows` of the image, resized horizontally.
    private static func horizontalPass(_ image: RGBImage, rows: Range<Int>, filter: Filter) -> [UInt8] {
        let width = filter.starts.count
        let count = width * rows.count * 3
        return [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            image.pixels.withUnsafeBufferPointer { pixels in
                filter.coefficients.withUnsafeBufferPointer { coefficients in
                    var out = 0
                    for y in rows {
                        for x in 0..<width {
                            var (red, green, blue) = (half, half, half)
                            var at = (y * image.width + filter.starts[x]) * 3
                            let first = x * filter.taps
                            for tap in first..<first + filter.counts[x] {
                                let coefficient = coefficients[tap]
                                red &+= Int32(pixels[at]) &* coefficient
                                green &+= Int32(pixels[at + 1]) &* coefficient
                                blue &+= Int32(pixels[at + 2]) &* coefficient
                                at += 3
                            }
                            target[out] = clipped(red)
                            target[out + 1] = clipped(green)
                            target[out + 2] = clipped(blue)
                            out += 3
                        }
                    }
                }
            }
            initialized = count
        }
    }

    /// A strip of rows, of which the first is the image's row `firstRow`, resized vertically.
    private static func verticalPass(_ strip: [UInt8], width: Int, firstRow: Int, filter: Filter) -> RGBImage {
        let height = filter.starts.count
        let row = width * 3
        var sums = [Int32](repeating: 0, count: row)
        let pixels = [UInt8](unsafeUninitializedCapacity: row * height) { target, initialized in
            strip.withUnsafeBufferPointer { source in
                sums.withUnsafeMutableBufferPointer { sums in
                    for y in 0..<height {
                        sums.update(repeating: half)
                        for tap in 0..<filter.counts[y] {
                            let coefficient = filter.coefficients[y * filter.taps + tap]
                            let start = (filter.starts[y] - firstRow + tap) * row
                            for i in 0..<row { sums[i] &+= Int32(source[start + i]) &* coefficient }
                        }
                        for i in 0..<row { target[y * row + i] = clipped(sums[i]) }
                    }
                }
            }
            initialized = row * height
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private static func clipped(_ sum: Int32) -> UInt8 { UInt8(max(0, min(255, sum >> Int32(precision)))) }
}
