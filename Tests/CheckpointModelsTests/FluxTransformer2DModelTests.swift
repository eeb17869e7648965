import Tensors
import TestSupport
import Testing

import CheckpointModels

/// diffusers' `FluxTransformer2DModel` by tiny random models of it.
@Suite struct FluxTransformer2DModelTests {
    @Test(arguments: CheckpointCase.all(of: "FluxTransformer2DModel"))
    func equalsDiffusers(_ name: String) throws {
        let checkpoint = try CheckpointCase(name)
        let model = FluxTransformer2DModel(configuration: try .init(checkpoint.configuration()))
        var inputs = try ["sample", "encoder_hidden_states", "pooled_projections"].map(checkpoint.expected)
        // diffusers' model is told σ.
        inputs.append(1000 * (try checkpoint.expected("timestep")))
        if model.configuration.takesGuidance { inputs.append(try checkpoint.expected("guidance")) }
        let output = try checkpoint.run(model.graph(checkpoint.weights()), inputs, output: "out_sample")
        // Both compute in float32; the order of sums is another.
        try expectClose(output, checkpoint.expected("out"), relative: 1e-5)
    }

    @Test func casesOfEachKind() { #expect(CheckpointCase.all(of: "FluxTransformer2DModel").count >= 3) }

    /// Axes at their places in half a head, each from frequency 1 on.
    @Test func frequenciesOfAxes() {
        let frequencies = (0..<3).map { RotaryPositions.frequencies([2, 4, 4], $0) }
        #expect(frequencies == [[1, 0, 0, 0, 0], [0, 1, 0.01, 0, 0], [0, 0, 0, 1, 0.01]])
    }
}
