import Foundation
import InputErrors
import TestSupport
import Testing

import NoiseSchedules

/// Rectified flows whose shift depends on the size, and FLUX's spacing, against diffusers' pipelines.
struct FlowScheduleTests {
    private func read(_ json: String, pipeline: String? = nil) throws -> SchedulerConfiguration {
        try SchedulerConfiguration(data: Data(json.utf8), named: "s.json", pipeline: pipeline)
    }

    // diffusers shifts in single precision: a few roundings.
    @Test func levelsAreThoseOfThePipelines() throws {
        let runs = try FlowPipelineRun.load()
        #expect(runs.count == 21 && runs.filter { $0.pipeline == "FluxPipeline" }.count == 14)
        for run in runs {
            let configuration = try SchedulerConfiguration(
                data: JSONEncoder().encode(run.file), named: "s.json", pipeline: run.pipeline)
            #expect(configuration.predictionType == .flow && configuration.schedule.isRectifiedFlow)
            #expect(try configuration.solver() == .flow)
            let steps = try configuration.schedule.fitted(height: run.height, width: run.width).steps(run.count)
            let name = "\(run.pipeline) \(run.height)×\(run.width), \(run.count) steps of \(run.file)"
            expectClose(steps.reversed().map(\.noisy.timestep), run.timesteps, relative: 0x1p-21, name)
            expectClose(steps.reversed().map(\.clean.sigma), Array(run.sigmas.dropFirst()), relative: 0x1p-21, name)
        }
    }

    @Test func onlyAShiftBySizeIsFitted() throws {
        for schedule in [NoiseSchedule.rectifiedFlow(shift: 3), .stableDiffusion(.leading)] {
            #expect(try schedule.fitted(height: 10, width: 20) == schedule)
        }
        let bySize = try read(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true}"#)
        #expect(bySize.description == "rectified flow, shift by size, 1000 steps")
        let fitted = try bySize.schedule.fitted(height: 32, width: 32)
        #expect(fitted == .rectifiedFlow(shift: exp(0.5), spacing: .toFirstStep))
        #expect(fitted.flowShift == exp(0.5))
        #expect(bySize.schedule.trainingSteps == 1000 && bySize.schedule.level(at: 250).sigma == 0.25)
    }

    @Test func sizesWithoutAShiftAreRefused() throws {
        let bySize = try read(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true}"#)
        let error = #expect(throws: InputError.self) { try bySize.schedule.fitted(height: 512, width: 400) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "shift of the scheduler for latents of 512×400")
        let linear = try read(
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true, "#
                + #""time_shift_type": "linear", "base_shift": 0.02}"#)
        #expect(refusalCode { try linear.schedule.fitted(height: 2, width: 2) } == .modelConfiguration)
    }

    @Test(arguments: [
        ("time_shift_type", #""cosine""#), ("base_shift", "5"), ("max_shift", "-1e300"), ("max_shift", "NaN"),
        ("base_image_seq_len", "-1"), ("max_image_seq_len", "256"), ("shift_terminal", "0.02"),
        ("use_karras_sigmas", "true"), ("use_exponential_sigmas", "true"), ("use_beta_sigmas", "true"),
        ("invert_sigmas", "true"), ("stochastic_sampling", "true"), ("num_train_timesteps", "0"),
    ])
    func settingsThatCannotBeFollowedAreRefused(_ name: String, _ value: String) {
        let error = #expect(throws: InputError.self) {
            try read(
                #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true, "\#(name)": \#(value)}"#
            )
        }
        #expect(error?.code == .modelConfiguration && error?.subject == "s.json: \(name)")
    }
}
