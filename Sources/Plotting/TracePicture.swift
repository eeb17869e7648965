import Foundation

/// The course of a decoder inversion: the residual and, where the true latent is known, the error over the evaluations.
public struct TracePicture: Sendable {
    /// One evaluation.
    public struct Point: Sendable {
        /// From 1.
        public let evaluation: Int
        /// ‖E(D(z)) - E(x)‖ / ‖E(x)‖.
        public let residual: Double
        /// In dB, against a known latent.
        public let nmseDecibels: Double?

        /// An evaluation.
        public init(evaluation: Int, residual: Double, nmseDecibels: Double?) {
            self.evaluation = evaluation
            self.residual = residual
            self.nmseDecibels = nmseDecibels
        }
    }

    /// The method, and the file that it was applied to.
    public var title: (method: String, path: String)
    /// In the order of the evaluations; what is not finite is left out.
    public var points: [Point]

    /// The course of one image's inversion.
    public init(title: (method: String, path: String), points: [Point]) {
        self.title = title
        self.points = points
    }

    /// The width in pixels of a PNG in which the smallest text can be read; the height follows from the document's size.
    public static let pixelWidth = 900

    private static let (width, height, margin) = (740.0, 356.0, 18.0)

    /// Draws it: log₁₀ of the residual to the left, the error to the right.
    public func document() -> SVGDocument {
        let room = Self.width - 2 * Self.margin
        var elements = [
            SVGMark.text(
                SVGText.fitted(title.method, width: room, size: 18, face: .bold), x: Self.margin, y: 32, size: 18,
                face: .bold),
            SVGMark.text(
                SVGText.fitted(title.path, width: room, size: 12, face: .fixedWidth), x: Self.margin, y: 54, size: 12,
                face: .fixedWidth, colour: PictureColours.soft),
        ]
        let residuals = points.map { (x: Double($0.evaluation), y: log10($0.residual)) }
        let errors = points.compactMap { point in point.nmseDecibels.map { (x: Double(point.evaluation), y: $0) } }
        let panels = [("residual, log₁₀", residuals), ("error against the true latent, NMSE in dB", errors)].filter {
            $0.1.contains { $0.y.isFinite }
        }
        let gap = 28.0
        let side = (room - gap * Double(panels.count - 1)) / Double(max(panels.count, 1))
        for (index, (name, values)) in panels.enumerated() {
            elements += panel(
                values.filter(\.y.isFinite), named: name, x: Self.margin + Double(index) * (side + gap), width: side)
        }
        if panels.isEmpty {
            elements.append(
                SVGMark.text("No evaluations of E(D(z)) were made.", x: Self.margin, y: 90, colour: PictureColours.soft)
            )
        }
        return SVGDocument(
            width: Self.width, height: Self.height, description: "\(title.method): \(title.path)", elements: elements)
    }

    /// - Parameter values: finite, at least one.
    private func panel(_ values: [(x: Double, y: Double)], named name: String, x: Double, width: Double) -> [String] {
        let heights = values.map(\.y)
        let (low, high) = (heights.min() ?? 0, heights.max() ?? 0)
        let space = max(0.05 * (high - low), 0.01)
        let last = max(2, values.map(\.x).max() ?? 2)
        let frame = SVGFrame(
            left: x + 48, top: 100, width: width - 52, height: Self.height - 150,
            horizontal: SVGAxis("evaluations of E(D(z))", 1...last, ticks: Int(min(6, last - 1))),
            vertical: SVGAxis(name, low - space...high + space), labelWidth: 48)
        let line = SVGMark.line(values, in: frame, colour: PictureColours.measured)
        let dots = SVGMark.dots(values, in: frame, radius: 3, colour: PictureColours.measured)
        return frame.axes + [line] + (values.count <= 60 ? [dots] : [])
    }
}
