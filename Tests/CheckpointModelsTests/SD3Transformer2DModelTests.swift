import Tensors
import TestSupport
import Testing

import CheckpointModels

/// diffusers' `SD3Transformer2DModel` by tiny random models of it.
@Suite struct SD3Transformer2DModelTests {
    @Test(arguments: CheckpointCase.all(of: "SD3Transformer2DModel"))
    func equalsDiffusers(_ name: String) throws {
        let checkpoint = try CheckpointCase(name)
        let model = SD3Transformer2DModel(configuration: try .init(checkpoint.configuration()))
        let output = try checkpoint.run(
            model.graph(checkpoint.weights()), "sample", "encoder_hidden_states", "pooled_projections", "timestep",
            output: "out_sample")
        // Both compute in float32; the order of sums is another.
        try expectClose(output, checkpoint.expected("out"), relative: 1e-5)
    }

    @Test func casesOfEachKind() { #expect(CheckpointCase.all(of: "SD3Transformer2DModel").count >= 4) }
}
