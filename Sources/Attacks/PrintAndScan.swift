import Foundation
import Pictures
import RandomNumbers

/// What printing and scanning does, roughly: the sheet lies askew, the lens blurs, black is not black and white is paper,
/// and there is grain. Angle, corners and tone are drawn with the seed. A model of our own; nothing is measured on a printer.
enum PrintAndScan {
    /// - Parameter strength: 1 is a careful scan: askew by up to 0.8° and 0.4 % of the sides at each corner, blurred by
    ///   0.4 % of the longer side, gamma from 0.85 to 1.15, black at 18 and white at 250, 246, 236, noise of 1.2 % of white.
    static func copy(_ image: RGBImage, strength: Double, using generator: inout SeededGenerator) -> RGBImage {
        let askew = laid(image, strength: strength, using: &generator)
        let blurred = GaussianBlur.blur(askew, radius: 0.004 * strength * Double(max(image.width, image.height)))
        let exponent = 1 + 0.15 * strength * symmetric(&generator)
        let toned = tones(blurred, exponent: max(0.1, exponent), strength: strength)
        return PixelNoise.add(to: toned, deviation: 0.012 * strength, using: &generator)
    }

    /// Turned a little, each corner on its own; beyond the sheet is white.
    private static func laid(
        _ image: RGBImage, strength: Double, using generator: inout SeededGenerator
    ) -> RGBImage {
        let (width, height) = (Double(image.width), Double(image.height))
        let angle = 0.8 * strength * symmetric(&generator) * .pi / 180
        let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { column, row in
            let (x, y) = (column * width / 2, row * height / 2)
            return PlaneMap.Point(
                x: width / 2 + cos(angle) * x + sin(angle) * y + 0.004 * strength * width * symmetric(&generator),
                y: height / 2 - sin(angle) * x + cos(angle) * y + 0.004 * strength * height * symmetric(&generator))
        }
        return BilinearTransform.transform(
            image, width: image.width, height: image.height,
            map: .drawing(into: corners, width: width, height: height), background: [255, 255, 255])
    }

    private static func tones(_ image: RGBImage, exponent: Double, strength: Double) -> RGBImage {
        let tables = [5.0, 9, 19].map { loss in
            (0..<256).map { value in
                let (black, white) = (18 * strength, 255 - loss * strength)
                return UInt8((black + (white - black) * pow(Double(value) / 255, exponent)).rounded())
            }
        }
        var result = image
        for i in result.pixels.indices { result.pixels[i] = tables[i % 3][Int(result.pixels[i])] }
        return result
    }

    /// Uniform in (-1, 1].
    private static func symmetric(_ generator: inout SeededGenerator) -> Double { 2 * generator.nextUniform() - 1 }
}
