import Diffusion
import Foundation
import Models
import NoiseSchedules
import OnnxSessions
import TensorFiles
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Whole runs of diffusers' pipelines of SD 3 and FLUX, there and back.
@Suite struct FlowPipelineTests {
    /// FLUX's run was made with this guidance, SD 3's without any.
    private static let scale = 3.5

    private static func solver(_ run: FlowPipelineRun) throws -> DiffusionSolver {
        let checkpoint = try CheckpointCase(run.checkpoint)
        let part = try CheckpointPart(named: run.checkpoint, fields: checkpoint.fields(), files: []) {
            try checkpoint.weights()
        }
        let network = try NetworkClass.denoiser(part)
        let predictor = OnnxNoisePredictor(
            predictionType: .flow, latentShape: LatentShape(channels: 4, height: 64, width: 64),
            conditioningWidth: network.conditioningWidth, imageScale: 8,
            embedsGuidance: network.embedsGuidance,
            source: .anySize { try Session(graph: network.graph(checkpoint.weights()), named: run.checkpoint) })
        let scheduler = try SchedulerConfiguration(
            data: JSONEncoder().encode(run.file), named: "scheduler", pipeline: run.pipeline)
        return DiffusionSolver(try scheduler.solver(), schedule: scheduler.schedule, predictor: predictor)
    }

    // Four steps in single precision on both sides.
    @Test func runsAreThoseOfThePipelines() throws {
        let tensors = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/flow_pipelines.safetensors").path)
        let conditioning = Conditioning(
            tokens: try tensors.tensor(named: "encoder_hidden_states"),
            pooled: try tensors.tensor(named: "pooled_projections"))
        var runs = 0
        for run in try FlowPipelineRun.load() {
            guard let prefix = run.run else { continue }
            runs += 1
            let solver = try Self.solver(run)
            let noise = try tensors.tensor(named: "\(prefix).noise")
            let scale = solver.predictor.embedsGuidance ? Self.scale : 1
            let guidance = Guidance(scale: scale, conditional: conditioning, unconditional: conditioning)
            let clean = try solver.sample(noise, steps: run.count, guidance: guidance)
            try expectClose(clean, tensors.tensor(named: "\(prefix).latents"), relative: 1e-5, prefix)
            let naive = try solver.invert(clean, steps: run.count, guidance: guidance)
            #expect(naive.normalisedErrorDecibels(to: noise) < 0, "\(prefix)")
        }
        #expect(runs == 4)
    }

    /// A network that is told the scale of guidance is asked once, with the conditional half alone.
    @Test func guidanceIsTold() throws {
        let run = try #require(try FlowPipelineRun.load().first { $0.pipeline == "FluxPipeline" })
        let predictor = try Self.solver(run).predictor
        let latents = Tensor(normal: [2, 4, 6, 10], seed: 1)
        let conditioning = Conditioning(
            tokens: Tensor(normal: [1, 5, 6], seed: 2), pooled: Tensor(normal: [1, 7], seed: 3))
        func guided(_ scale: Double, unconditional: Conditioning) throws -> Tensor {
            try Guidance(scale: scale, conditional: conditioning, unconditional: unconditional)
                .predict(latents, timestep: 300, with: predictor)
        }
        let other = Conditioning(tokens: Tensor(zeros: [1, 5, 6]), pooled: Tensor(zeros: [1, 7]))
        let told = try guided(3.5, unconditional: conditioning)
        #expect(try guided(3.5, unconditional: other).elements == told.elements)
        #expect(try guided(1, unconditional: conditioning).elements != told.elements)
        #expect(
            try predictor.predict(latents, timestep: 300, conditioning: conditioning.guided(by: 3.5)).elements
                == told.elements)
    }

    /// Whole checkpoints: one call of the denoiser as the pipeline makes it.
    @Test(arguments: ["sd3", "flux"]) func pipelinesOpen(_ name: String) throws {
        let pipelines = Fixtures.url("checkpoints/pipelines")
        let golden = try SafetensorsFile(
            contentsOf: pipelines.appendingPathComponent("\(name).golden.safetensors").path)
        let model = try CheckpointBackend().open(pipelines.appendingPathComponent(name).path)
        #expect(try model.scheduler().schedule.isRectifiedFlow)
        let predictor = try model.requireNoisePredictor()
        #expect(predictor.embedsGuidance == (name == "flux"))
        let conditioning = Conditioning(
            tokens: try golden.tensor(named: "encoder_hidden_states"),
            pooled: try golden.tensor(named: "pooled_projections"), guidance: Self.scale)
        let output = try predictor.predict(
            golden.tensor(named: "sample"), timestep: 501, conditioning: conditioning)
        try expectClose(output, golden.tensor(named: "out"), relative: 1e-5)
    }
}
