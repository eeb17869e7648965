/// Flat areas that touch a picture's border: the black corners of a turned picture, the bars of a film, a page around it.
/// They show nothing of what was generated.
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
        var isSeen = [Bool](repeating: false, count: width * height)
        var isFlat = isSeen
        for seed in border(width, height) where !isSeen[seed] {
            let area = area(around: seed, of: image, &isSeen)
            if Double(area.count) >= smallestArea * Double(width * height) {
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

    /// The pixels that are connected to a seed and of its colour, and were in no area before.
    private static func area(around seed: Int, of image: RGBImage, _ isSeen: inout [Bool]) -> [Int] {
        let (width, height) = (image.width, image.height)
        return image.pixels.withUnsafeBufferPointer { pixels in
            func isAlike(_ pixel: Int) -> Bool {
                (0..<3).allSatisfy { abs(Int(pixels[3 * pixel + $0]) - Int(pixels[3 * seed + $0])) <= tolerance }
            }
            var area = [seed]
            isSeen[seed] = true
            var next = 0
            while next < area.count {
                let (y, x) = (area[next] / width, area[next] % width)
                next += 1
                func visit(_ pixel: Int) {
                    guard !isSeen[pixel], isAlike(pixel) else { return }
                    isSeen[pixel] = true
                    area.append(pixel)
                }
                if x > 0 { visit(y * width + x - 1) }
                if x + 1 < width { visit(y * width + x + 1) }
                if y > 0 { visit((y - 1) * width + x) }
                if y + 1 < height { visit((y + 1) * width + x) }
            }
            return area
        }
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
