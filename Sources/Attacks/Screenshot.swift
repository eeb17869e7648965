import Pictures
import RandomNumbers

/// The image at its own pixels somewhere on a light page with a browser's bar above it and grey lines for text. The page is
/// as much larger as the image takes 40 to 70 % of its sides.
enum Screenshot {
    static func take(_ image: RGBImage, using generator: inout SeededGenerator) -> RGBImage {
        let share = 0.4 + 0.3 * generator.nextUniform()
        func page(_ side: Int) -> Int { Int((Double(side) / share).rounded(.toNearestOrEven)) }
        let (width, height) = (page(image.width), page(image.height))
        let paper = UInt8(240 + PixelWindow.place(15, using: &generator))
        var canvas = Canvas(width: width, height: height, colour: [paper, paper, paper])
        let bar = height / 14
        drawText(on: &canvas, from: bar, using: &generator)
        canvas.fill(columns: 0..<width, rows: 0..<bar, colour: [222, 225, 230])
        canvas.fill(columns: width / 8..<7 * width / 8, rows: bar / 4..<bar - bar / 4, colour: [255, 255, 255])
        let left = PixelWindow.place(width - image.width, using: &generator)
        let room = max(0, height - bar - image.height)
        let top = height - image.height - room + PixelWindow.place(room, using: &generator)
        let margin = max(1, width / 64)
        canvas.fill(
            columns: left - margin..<left + image.width + margin, rows: top - margin..<top + image.height + margin,
            colour: [paper, paper, paper])
        canvas.lay(image, left: left, top: top)
        return canvas.image
    }

    /// Lines of different length down the page, as dark as small letters look.
    private static func drawText(on canvas: inout Canvas, from top: Int, using generator: inout SeededGenerator) {
        let (width, height) = (canvas.image.width, canvas.image.height)
        let line = max(2, height / 32)
        let margin = width / 16
        for row in stride(from: top + line, to: height - line, by: line) {
            let grey = UInt8(120 + PixelWindow.place(60, using: &generator))
            let end = width - margin - PixelWindow.place(width / 2, using: &generator)
            canvas.fill(
                columns: margin..<max(margin, end), rows: row..<row + (line + 1) / 2, colour: [grey, grey, grey])
        }
    }
}
