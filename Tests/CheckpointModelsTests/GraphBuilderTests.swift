import Foundation
import Models
import OnnxGraphs
import OnnxSessions
import Tensors
import TestSupport
import Testing

/// Graphs that are built are what ONNX Runtime reads.
@Suite struct GraphBuilderTests {
    /// Constants of each kind, an attribute of each kind, a left-out input, two outputs of a node, and dynamic axes.
    @Test func everyKindOfField() throws {
        let folder = try TemporaryFolder()
        let weights: [Float] = [10, 20, 30]
        // Not aligned, as tensors of a file may lie.
        let path = try folder.write("weights.bin", Data([7]) + weights.withUnsafeBytes { Data($0) })
        let graph = GraphBuilder()
        let x = graph.input("x", .float32, [.dynamic("batch"), .fixed(6)])
        let halves = graph.nodes("Split", [x, graph.integers([3, 3])], ["axis": .int(-1)], outputs: 2)
        let span = ExternalData(file: String(path.dropFirst()), offset: 1, byteCount: 12)
        let sum = graph.node("Add", [halves[1], graph.constant(span, .float32, [3])])
        let scaled = graph.node("Mul", [sum, graph.number(0.5)])
        let turned = graph.node(
            "Transpose", [graph.node("Reshape", [scaled, graph.integers([0, 3, 1])])],
            [
                "perm": .ints([0, 2, 1])
            ])
        let padded = graph.node(
            "Pad", [turned, graph.integers([0, 0, 0, 0, 0, 1]), nil], ["mode": .string("constant")])
        let leaky = graph.node("LeakyRelu", [padded], ["alpha": .float(0.25)])
        graph.output(leaky, "y", .float32, [.dynamic("batch"), .fixed(1), .fixed(4)])

        let session = try Session(graph: graph.encoded(), named: "graph")
        #expect(session.inputs.map(\.description) == ["x float32 [batch, 6]"])
        let output = try session.run([Tensor([0, 0, 0, 2, -30, 4, 9, 9, 9, 0, 0, 0], shape: [2, 6])])
        #expect(output.shape == [2, 1, 4])
        #expect(output.elements == [6, -1.25, 17, 0, 5, 10, 15, 0])
    }

    @Test func equalConstantsAreOne() {
        let graph = GraphBuilder()
        #expect(graph.integers([1, 2]) == graph.integers([1, 2]))
        #expect(graph.integers([1, 2]) != graph.integers([2, 1]))
        #expect(graph.number(3) == graph.number(3))
    }
}
