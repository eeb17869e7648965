/// Flat areas that touch a picture's border: the black corners of a turned picture, the bars of a film, a page around it.
/// They show nothing of what was generated. A smooth sky, whose colour changes little by little, is none.
package enum FlatBorder {
    /// How far a sample may be from the area's first pixel.
    private static let tolerance = 3
    /// The smallest area, as a share of the picture.
    private static let smallestArea = 0.01
    /// The least that must be left of a picture, as a share, for it to have a border at all.
    private static let leastLeft = 0.05
    /// How far an area is grown, in shorter sides of the picture: resampling and compression blur its edge.
    private static let growth = 1.0 / 64

    /// Which pixels show something, by rows; nil where no area is flat, or nearly everything.
    package static func mask(of image: RGBImage) -> [Bool]? {
        let (width, height) = (image.width, image.height)
        var seeds = [Int](repeating: -1, count: width * height)
        var isFlat = [Bool](repeating: false, count: width * height)
        for seed in border(width, height) where seeds[seed] < 0 {
            let (area, isFlatArea) = area(around: seed, of: image, &seeds)
            if isFlatArea && Double(area.count) >= smallestArea * Double(width * height) {
                for pixel in area { isFlat[pixel] = true }
            }
        }
        guard isFlat.contains(true) else { return nil }
        let reach = max(2, Int((growth * Double(min(width, height))).rounded()))
        let mask = grown(isFlat, width, height, by: reach).map { !$0 }
        let left = mask.count { $0 }
        return Double(left) < leastLeft * Double(mask.count) ? nil : mask
    }

    private static func border(_ width: Int, _ height: Int) -> [Int] {
        let rows = [0, height - 1].flatMap { y in (0..<width).map { y * width + $0 } }
        return rows + (0..<height).flatMap { [$0 * width, $0 * width + width - 1] }
    }

    /// The pixels that are connected to a seed and of its colour, and have no seed yet; and whether they are flat: two
    /// thirds of them are as the seed, or two thirds of the steps out of the area are larger than the tolerance.
    private static func area(
        around seed: Int, of image: RGBImage, _ seeds: inout [Int]
    ) -> (pixels: [Int], isFlat: Bool) {
        let (width, height) = (image.width, image.height)
        var area = [seed]
        var (edges, slopes) = (0, 0)
        seeds[seed] = seed
        var next = 0
        return image.pixels.withUnsafeBufferPointer { samples in
            while next < area.count {
                let own = area[next]
                let (y, x) = (own / width, own % width)
                next += 1
                func visit(_ pixel: Int) {
                    if distance(samples, pixel, seed) > tolerance {
                        if distance(samples, pixel, own) > tolerance { edges += 1 } else { slopes += 1 }
                    } else if seeds[pixel] < 0 {
                        seeds[pixel] = seed
                        area.append(pixel)
                    } else if seeds[pixel] != seed {
                        slopes += 1
                    }
                }
                if x > 0 { visit(own - 1) }
                if x + 1 < width { visit(own + 1) }
                if y > 0 { visit(own - width) }
                if y + 1 < height { visit(own + width) }
            }
            let equal = area.count { distance(samples, $0, seed) == 0 }
            return (area, 3 * equal >= 2 * area.count || edges >= 2 * slopes)
        }
    }

    /// The largest difference of two pixels' samples.
    @inline(__always) private static func distance(
        _ samples: UnsafeBufferPointer<UInt8>, _ pixel: Int, _ other: Int
    ) -> Int {
        (0..<3).reduce(0) { max($0, abs(Int(samples[3 * pixel + $1]) - Int(samples[3 * other + $1]))) }
    }

    /// Every pixel within `reach` rows and columns of one that is set.
    private static func grown(_ pixels: [Bool], _ width: Int, _ height: Int, by reach: Int) -> [Bool] {
        func swept(_ pixels: [Bool], length: Int, stride: Int, starts: [Int]) -> [Bool] {
            var result = pixels
            for start in starts {
                var last = -reach - 1
                for position in 0..<length {
                    if pixels[start + position * stride] { last = position }
                    if position - last <= reach { result[start + position * stride] = true }
                }
                last = length + reach
                for position in (0..<length).reversed() {
                    if pixels[start + position * stride] { last = position }
                    if last - position <= reach { result[start + position * stride] = true }
                }
            }
            return result
        }
        let rows = swept(pixels, length: width, stride: 1, starts: (0..<height).map { $0 * width })
        return swept(rows, length: height, stride: width, starts: Array(0..<width))
    }
}
