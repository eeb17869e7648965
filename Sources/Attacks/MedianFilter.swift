import Pictures

/// `PIL.ImageFilter.MedianFilter(side)`, bit by bit: channel by channel, with the border's pixels repeated beyond it.
/// The histogram of the square moves along each row (Huang, Yang and Tang 1979).
enum MedianFilter {
    /// - Parameter side: of the square, odd.
    static func filter(_ image: RGBImage, side: Int) -> RGBImage {
        precondition(side > 0 && side % 2 == 1, "a square of side \(side) has no middle")
        let (width, height, reach) = (image.width, image.height, side / 2)
        let rank = side * side / 2
        var result = image
        var histogram = [Int](repeating: 0, count: 256)
        image.pixels.withUnsafeBufferPointer { source in
            result.pixels.withUnsafeMutableBufferPointer { target in
                histogram.withUnsafeMutableBufferPointer { histogram in
                    for y in 0..<height {
                        for channel in 0..<3 {
                            /// Adds a column of the square, or takes it away.
                            func count(column: Int, _ change: Int) {
                                let x = max(0, min(width - 1, column))
                                for row in y - reach...y + reach {
                                    let at = max(0, min(height - 1, row)) * width + x
                                    histogram[Int(source[at * 3 + channel])] += change
                                }
                            }
                            histogram.update(repeating: 0)
                            for column in -reach...reach { count(column: column, 1) }
                            for x in 0..<width {
                                var (value, below) = (0, histogram[0])
                                while below <= rank {
                                    value += 1
                                    below += histogram[value]
                                }
                                target[(y * width + x) * 3 + channel] = UInt8(value)
                                count(column: x - reach, -1)
                                count(column: x + reach + 1, 1)
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
