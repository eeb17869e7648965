import Foundation
import Models
import OnnxGraphs

/// Rotary positions (Su et al. 2021) as diffusers' `FluxPosEmbed` has them: text tokens, all at (0, 0, 0), and after them
/// image tokens at (0, row, column). Pairs of consecutive elements of a head are turned by position·10000^(-2i/d), where d
/// is the width of an axis.
package struct RotaryPositions {
    /// Of the angles, `[tokens, headWidth/2]`.
    private let cosines: GraphValue
    private let sines: GraphValue
    private let graph: GraphBuilder

    private static let base = 10_000.0

    /// Angles in double precision, their functions in single, as diffusers has them.
    /// - Parameters:
    ///   - rows: of image tokens, `[1]`.
    ///   - columns: of image tokens, `[1]`.
    ///   - textCount: text tokens, `[1]`.
    ///   - axes: even widths of the three axes in a head.
    package init(rows: GraphValue, columns: GraphValue, textCount: GraphValue, axes: [Int], _ layers: Layers) {
        precondition(axes.count == 3 && axes.allSatisfy { $0 > 0 && $0 % 2 == 0 }, "axes \(axes)")
        let graph = layers.graph
        let half = axes.reduce(0, +) / 2
        func angles(_ count: GraphValue, axis: Int, _ shape: [Int]) -> GraphValue {
            let raw = Self.frequencies(axes, axis).map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
            let range = layers.reshape(layers.range(from: graph.integers([0]), to: count), shape)
            let positions = graph.node("Cast", [range], ["to": .int(Int(ElementType.float64.rawValue))])
            return layers.multiply(positions, graph.constant(raw, .float64, [half]))
        }
        let image = layers.add(angles(rows, axis: 1, [-1, 1, 1]), angles(columns, axis: 2, [1, -1, 1]))
        let before = layers.concatenate([textCount, graph.integers([0, 0, 0])], axis: 0)
        let all = graph.node("Pad", [layers.reshape(image, [-1, half]), before])
        let functions = ["Cos", "Sin"].map { function in
            graph.node(
                "Cast", [graph.node(function, [all])], ["to": .int(Int(ElementType.float32.rawValue))])
        }
        (cosines, sines) = (functions[0], functions[1])
        self.graph = graph
    }

    /// Queries or keys of all tokens, turned.
    /// - Parameter x: `[B, tokens, heads·headWidth]`.
    package func turn(_ x: GraphValue) -> GraphValue {
        graph.node(
            "RotaryEmbedding", domain: GraphBuilder.microsoft, [x, graph.integers([0]), cosines, sines],
            ["interleaved": .int(1)])
    }

    /// The frequencies of one axis at its place in half a head; 0 at the others'.
    package static func frequencies(_ axes: [Int], _ axis: Int) -> [Double] {
        axes.indices.flatMap { index in
            (0..<axes[index] / 2).map { index == axis ? pow(base, -2 * Double($0) / Double(axes[index])) : 0 }
        }
    }
}
