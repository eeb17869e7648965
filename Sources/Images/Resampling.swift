/// Pillow's antialiased bilinear resampling of 8-bit images (`Image.resize(size, Image.BILINEAR)`): a triangle filter
/// widened by the scale when shrinking, horizontal pass first, each pass rounded to 8 bits with 22-bit coefficients.
enum Resampling {
    /// Bits after the point of a coefficient.
    private static let precision = 22

    static func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
        precondition(width > 0 && height > 0, "cannot resize to \(width)×\(height)")
        let wide = width == image.width ? image : horizontalPass(image, width: width)
        return height == wide.height ? wide : verticalPass(wide, height: height)
    }

    /// For each output position the first input it reads and its coefficients, `taps` to a position.
    private struct Filter {
        let taps: Int
        var starts: [Int]
        var counts: [Int]
        var coefficients: [Int32]

        init(input: Int, output: Int) {
            let scale = Double(input) / Double(output)
            let support = max(scale, 1)
            taps = Int(support.rounded(.up)) * 2 + 1
            starts = []
            counts = []
            coefficients = [Int32](repeating: 0, count: taps * output)
            for position in 0..<output {
                let centre = (Double(position) + 0.5) * scale
                let first = max(Int(centre - support + 0.5), 0)
                let count = min(Int(centre + support + 0.5), input) - first
                let weights = (0..<count).map { tap in
                    max(0, 1 - abs((Double(first + tap) - centre + 0.5) / support))
                }
                let sum = weights.reduce(0, +)
                starts.append(first)
                counts.append(count)
                for tap in 0..<count {
                    let weight = sum == 0 ? 0 : weights[tap] / sum
                    coefficients[position * taps + tap] = Int32(0.5 + weight * Double(1 << Resampling.precision))
                }
            }
        }
    }

    private static func horizontalPass(_ image: RGBImage, width: Int) -> RGBImage {
        let filter = Filter(input: image.width, output: width)
        let rounding = Int32(1 << (precision - 1))
        let pixels = [UInt8](unsafeUninitializedCapacity: width * image.height * 3) { target, count in
            image.pixels.withUnsafeBufferPointer { source in
                filter.coefficients.withUnsafeBufferPointer { coefficients in
                    for y in 0..<image.height {
                        let row = y * image.width * 3
                        for x in 0..<width {
                            var (red, green, blue) = (rounding, rounding, rounding)
                            var at = row + filter.starts[x] * 3
                            for tap in x * filter.taps..<x * filter.taps + filter.counts[x] {
                                let coefficient = coefficients[tap]
                                red &+= Int32(source[at]) &* coefficient
                                green &+= Int32(source[at + 1]) &* coefficient
                                blue &+= Int32(source[at + 2]) &* coefficient
                                at += 3
                            }
                            let out = (y * width + x) * 3
                            target[out] = clipped(red)
                            target[out + 1] = clipped(green)
                            target[out + 2] = clipped(blue)
                        }
                    }
                }
            }
            count = width * image.height * 3
        }
        return RGBImage(width: width, height: image.height, pixels: pixels)
    }

    private static func verticalPass(_ image: RGBImage, height: Int) -> RGBImage {
        let filter = Filter(input: image.height, output: height)
        let row = image.width * 3
        var sums = [Int32](repeating: 0, count: row)
        let pixels = [UInt8](unsafeUninitializedCapacity: row * height) { target, count in
            image.pixels.withUnsafeBufferPointer { source in
                sums.withUnsafeMutableBufferPointer { sums in
                    for y in 0..<height {
                        sums.update(repeating: Int32(1 << (precision - 1)))
                        for tap in 0..<filter.counts[y] {
                            let coefficient = filter.coefficients[y * filter.taps + tap]
                            let start = (filter.starts[y] + tap) * row
                            for i in 0..<row { sums[i] &+= Int32(source[start + i]) &* coefficient }
                        }
                        for i in 0..<row { target[y * row + i] = clipped(sums[i]) }
                    }
                }
            }
            count = row * height
        }
        return RGBImage(width: image.width, height: height, pixels: pixels)
    }

    private static func clipped(_ sum: Int32) -> UInt8 { UInt8(max(0, min(255, sum >> Int32(precision)))) }
}
