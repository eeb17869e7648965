import Foundation
import Images

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

    /// The line at the top.
    public var title: String
    /// In the order of the evaluations; what is not finite is left out.
    public var points: [Point]

    /// The course of one image's inversion.
    public init(title: String, points: [Point]) {
        self.title = title
        self.points = points
    }

    private static let (width, height) = (900, 420)

    /// Draws it: log₁₀ of the residual to the left, the error to the right.
    public func draw() -> RGBImage {
        var canvas = Canvas(width: Self.width, height: Self.height)
        let shown = EvidencePicture.shortened(title, to: (Self.width - 40) / (BitmapFont.advance * 2))
        canvas.text(shown, x: 20, y: 16, scale: 2)
        let residuals = points.filter { $0.residual > 0 }.map { (Double($0.evaluation), log10($0.residual)) }
        let errors = points.compactMap { point in point.nmseDecibels.map { (Double(point.evaluation), $0) } }
        let panels = errors.isEmpty ? 1 : 2
        let side = (Self.width - 60 - 70 * panels) / panels
        draw(residuals, in: (70, side), name: "log10 of the residual", on: &canvas)
        if !errors.isEmpty { draw(errors, in: (140 + side, side), name: "NMSE in dB", on: &canvas) }
        return canvas.image
    }

    private func draw(
        _ values: [(x: Double, y: Double)], in place: (x: Int, width: Int), name: String, on canvas: inout Canvas
    ) {
        let finite = values.filter { $0.y.isFinite }
        guard let low = finite.map(\.y).min(), let high = finite.map(\.y).max() else { return }
        let margin = max(0.05 * (high - low), 0.01)
        let axes = Axes(
            x: place.x, y: 80, width: place.width, height: Self.height - 130,
            horizontal: 1...max(2, finite.map(\.x).max() ?? 2), vertical: low - margin...high + margin)
        canvas.draw(axes, horizontalName: "evaluations of E(D(z))", verticalName: name)
        let places = finite.map { axes.point($0.x, $0.y) }
        for (from, to) in zip(places, places.dropFirst()) { canvas.line(from: from, to: to, width: 2, .black) }
        if places.count <= 60 { for place in places { canvas.disc(centre: place, radius: 3, .black) } }
    }
}
