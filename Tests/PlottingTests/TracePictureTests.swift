import Foundation
import Plotting
import Testing

@Suite struct TracePictureTests {
    private func points(_ residuals: [Double], errors: [Double?]) -> [TracePicture.Point] {
        zip(residuals, errors).enumerated().map {
            .init(evaluation: $0 + 1, residual: $1.0, nmseDecibels: $1.1)
        }
    }

    private func drawn(_ points: [TracePicture.Point], path: String = "photo.png") throws -> DrawnElements {
        try DrawnElements(TracePicture(title: ("anderson:3", path), points: points).document().svg)
    }

    @Test func residualAndErrorHaveAPanelEach() throws {
        let both = try drawn(points([0.1, 0.01, 0.001], errors: [-1, -5, -9]))
        let dots = try both.points()
        #expect(both.named("polyline").count == 2)
        try #require(dots.count == 6)
        // Both fall steadily, so that the steps downwards are equal.
        for panel in [dots[0..<3], dots[3..<6]] {
            let steps = zip(panel, panel.dropFirst()).map { $1.y - $0.y }
            #expect(steps[0] > 20 && abs(steps[0] - steps[1]) < 0.05)
        }
        let one = try drawn(points([0.1, 0.01, 0.001], errors: [nil, nil, nil]))
        #expect(try one.named("polyline").count == 1 && one.points().count == 3)
    }

    @Test func whatIsNotFiniteIsLeftOut() throws {
        let some = try drawn(points([0.1, 0, .infinity, .nan, 0.2], errors: [nil, nil, nil, nil, nil]))
        #expect(try some.points().count == 2)
        #expect(try drawn([]).named("text").contains { $0.text == "No evaluations of E(D(z)) were made." })
        #expect(try drawn(points([0.1], errors: [-3])).points().count == 2)
    }

    @Test func aLongPathStaysInside() throws {
        let path = "/archive/<b>" + String(repeating: "folder/", count: 42) + "\u{202E}photo.png"
        let text = try #require(try drawn([], path: path).named("text").first { $0.text.contains("…") })
        #expect(text.text.hasPrefix("/archive/<b>folder") && text.text.hasSuffix("\\u202ephoto.png"))
        #expect(try text.number("x") + SVGText.width(text.text, size: 12, face: .fixedWidth) <= 722)
    }
}
