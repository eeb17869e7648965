import Foundation

/// A run of one of diffusers' pipelines of rectified flows (`Fixtures/Diffusion/make_flow_pipelines.py`).
package struct FlowPipelineRun: Decodable {
    /// What is in the scheduler's file.
    package let file: JSONValue
    /// The pipeline's class.
    package let pipeline: String
    /// "class/case" of the transformer.
    package let checkpoint: String
    /// Of the latents.
    package let height: Int
    /// Of the latents.
    package let width: Int
    /// Steps.
    package let count: Int
    /// From noise to clean.
    package let timesteps: [Double]
    /// From noise to clean, with 0 at the end.
    package let sigmas: [Double]
    /// What the names of its noise and latents begin with, where they are kept.
    package let run: String?

    /// Reads the fixture.
    package static func load() throws -> [FlowPipelineRun] {
        try JSONDecoder().decode([Self].self, from: Data(contentsOf: Fixtures.url("Diffusion/flow_pipelines.json")))
    }
}
