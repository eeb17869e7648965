import Models
import OnnxGraphs
import OnnxSessions
import Tensors
import Testing

import CheckpointModels

@Suite struct SinusoidsTests {
    /// As PyTorch 2.13 has them: torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / (half - shift)).
    @Test func frequenciesAreThoseOfPyTorch() {
        let expected: [(width: Int, shift: Int, index: Int, bits: UInt32)] = [
            (320, 0, 0, 0x3f800000),
            (320, 0, 1, 0x3f71adf9),
            (320, 0, 80, 0x3c23d70a),
            (320, 0, 117, 0x3a9bc782),
            (320, 0, 159, 0x38de2440),
            (256, 0, 1, 0x3f6e39f8),
            (256, 0, 64, 0x3c23d70a),
            (256, 0, 127, 0x38e15c8e),
            (6, 1, 0, 0x3f800000),
            (6, 1, 1, 0x3c23d70a),
            (6, 1, 2, 0x38d1b716),
        ]
        for (width, shift, index, bits) in expected {
            let frequencies = Layers.frequencies(width, shift: shift)
            #expect(frequencies.count == width / 2)
            let value = Float(bitPattern: bits)
            // Exponential functions differ in the last bit.
            #expect(abs(frequencies[index] - value) <= value.ulp, "\(width), \(shift), \(index)")
        }
    }

    @Test(arguments: [true, false]) func sinesAndCosines(cosineFirst: Bool) throws {
        let layers = Layers(NetworkBuilder(CheckpointWeights(named: "none", [:])))
        let x = layers.graph.input("x", .float32, [.dynamic("batch"), .dynamic("tokens"), .fixed(1)])
        let made = layers.sinusoids(x, 4, cosineFirst: cosineFirst, shift: 1)
        layers.graph.output(made, "y", .float32, [.dynamic("batch"), .dynamic("tokens"), .fixed(4)])
        let session = try Session(graph: layers.graph.encoded(), named: "sinusoids")
        let output = try session.run([Tensor([0, 2, 999.5], shape: [1, 3, 1])])
        #expect(output.shape == [1, 3, 4])
        let sines: [Float] = [0, 0, 0.909297427, 0.0002, 0.456036174, 0.099783666]
        let cosines: [Float] = [1, 1, -0.416146837, 0.99999998, 0.889961240, 0.995009156]
        for row in 0..<3 {
            let (sine, cosine) = (sines[2 * row..<2 * row + 2], cosines[2 * row..<2 * row + 2])
            let expected = cosineFirst ? cosine + sine : sine + cosine
            #expect(zip(output.elements[4 * row..<4 * row + 4], expected).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }
}
