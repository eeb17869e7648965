import Foundation
import InputErrors
import NoiseSchedules
import TestSupport
import Testing

/// Reading `scheduler_config.json`.
struct SchedulerConfigurationTests {
    private func read(_ json: String) throws -> SchedulerConfiguration {
        try SchedulerConfiguration(data: Data(json.utf8), named: "m/s.json")
    }

    @Test func theFileOfStableDiffusionIsRead() throws {
        let configuration = try read(
            #"""
            {"_class_name": "PNDMScheduler", "_diffusers_version": "0.7.0.dev0", "beta_end": 0.012, "beta_start": 0.00085,
             "beta_schedule": "scaled_linear", "num_train_timesteps": 1000, "set_alpha_to_one": false, "skip_prk_steps": true,
             "steps_offset": 1, "trained_betas": null, "clip_sample": false, "prediction_type": "v_prediction"}
            """#)
        #expect(configuration.schedule == .stableDiffusion(.leading))
        #expect(configuration.predictionType == .vPrediction)
        #expect(configuration.description == "scaled_linear 0.00085 ... 0.012, 1000 steps")
    }

    @Test func otherSettingsAreFollowed() throws {
        let euler = try read(#"{"_class_name": "EulerDiscreteScheduler", "final_sigmas_type": "sigma_min"}"#)
        #expect(euler.schedule.level(at: -1) == NoiseLevel(timestep: -1, level: euler.schedule.level(at: 0)))
        let trained = try read(
            #"{"_class_name": "PNDMScheduler", "trained_betas": [0.5, 0.25], "num_train_timesteps": 2}"#)
        #expect(trained.schedule.trainingSteps == 2)
        let cosine = try read(#"{"_class_name": "PNDMScheduler", "beta_schedule": "squaredcos_cap_v2"}"#)
        #expect(cosine.schedule.level(at: 999).alpha < 1e-3)
        let flow = try read(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0}"#)
        #expect(flow.predictionType == .flow)
        #expect(flow.schedule == .rectifiedFlow(shift: 3))
    }

    @Test(arguments: [
        (#"{"_class_name": "DDIMScheduler", "clip_sample": false}"#, Solver.ddim),
        (#"{"_class_name": "PNDMScheduler"}"#, .ddim),
        (#"{"_class_name": "EulerDiscreteScheduler"}"#, .ddim),
        (
            #"{"_class_name": "EulerDiscreteScheduler", "use_karras_sigmas": true, "final_sigmas_type": "sigma_min"}"#,
            .dpm(.init(order: 1, usesKarrasSigmas: true, endsWithoutNoise: false))
        ),
        (#"{"_class_name": "FlowMatchEulerDiscreteScheduler"}"#, .flow),
        (#"{"_class_name": "DPMSolverMultistepScheduler"}"#, .dpm(.init())),
        (#"{"_class_name": "UniPCMultistepScheduler", "solver_order": 3}"#, .dpm(.init(order: 3))),
        (
            #"""
            {"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver++", "solver_order": 3,
             "solver_type": "heun", "lower_order_final": false, "euler_at_final": true, "use_karras_sigmas": true,
             "final_sigmas_type": "sigma_min", "lambda_min_clipped": -Infinity, "variance_type": null}
            """#,
            .dpm(
                .init(
                    order: 3, variant: .heun, usesKarrasSigmas: true, lowersFinalOrder: false, endsWithEuler: true,
                    endsWithoutNoise: false))
        ),
    ])
    func theFileNamesTheSolver(_ json: String, _ solver: Solver) throws {
        #expect(try read(json).solver() == solver)
    }

    @Test(arguments: [
        (#""algorithm_type": "sde-dpmsolver++""#, "algorithm_type: expected dpmsolver++, found sde-dpmsolver++"),
        (#""lambda_min_clipped": -5.1"#, "lambda_min_clipped: expected -Infinity, found -5.1"),
        (#""solver_order": 4"#, "solver_order: expected 1 to 3, found 4"),
        (#""use_lu_lambdas": true"#, "use_lu_lambdas: expected false, found true"),
    ])
    func aSolverThatCannotBeFollowedLeavesTheSchedule(_ setting: String, _ message: String) throws {
        let configuration = try read(#"{"_class_name": "DPMSolverMultistepScheduler", \#(setting)}"#)
        #expect(configuration.schedule.trainingSteps == 1000)
        let error = #expect(throws: InputError.self) { try configuration.solver() }
        #expect(error?.code == .modelConfiguration && error?.description == "m/s.json: " + message)
    }

    @Test func flowsOfADPMSolverAndOfInstaFlowAreRead() throws {
        let flow = try read(
            #"{"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": true, "flow_shift": 3, "#
                + #""prediction_type": "flow_prediction"}"#)
        #expect(flow.schedule == .rectifiedFlow(shift: 3))
        #expect(flow.predictionType == .flow)
        #expect(try flow.solver() == .dpm(.init()))
        let instaFlow = try read(
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "prediction_type": "velocity"}"#)
        #expect(instaFlow.predictionType == .velocity)
        #expect(try instaFlow.solver() == .flow)
    }

    @Test(arguments: [
        ("", "m/s.json: expected a value at byte 0, found the end"),
        ("[1]", "m/s.json: expected an object, found another type"),
        ("{}", "m/s.json: expected a member _class_name, found none"),
        (
            #"{"_class_name": "EDMEulerScheduler"}"#,
            "m/s.json: _class_name: expected one of DDIMInverseScheduler, DDIMParallelScheduler, DDIMScheduler, "
                + "DDPMParallelScheduler, DDPMScheduler, DEISMultistepScheduler, DPMSolverMultistepInverseScheduler, "
                + "DPMSolverMultistepScheduler, DPMSolverSDEScheduler, DPMSolverSinglestepScheduler, "
                + "EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler, "
                + "FlowMatchHeunDiscreteScheduler, FlowMatchLCMScheduler, HeunDiscreteScheduler, "
                + "KDPM2AncestralDiscreteScheduler, KDPM2DiscreteScheduler, LCMScheduler, LMSDiscreteScheduler, "
                + "PNDMScheduler, RePaintScheduler, SASolverScheduler, TCDScheduler, UnCLIPScheduler, "
                + "UniPCMultistepScheduler, found EDMEulerScheduler"
        ),
        (
            #"{"_class_name": "DDIMScheduler"}"#,
            "m/s.json: clip_sample: expected false, as latent models have it, found true"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "thresholding": true}"#,
            "m/s.json: thresholding: expected false, as latent models have it, found true"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "beta_start": "low"}"#,
            "m/s.json: beta_start: expected a number, found another type"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "beta_start": -1}"#,
            "m/s.json: betas: expected 1000 numbers between 0 and 1, found linear -1.0 ... 0.02, 1000 steps"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "trained_betas": [0.5]}"#,
            "m/s.json: betas: expected 1000 numbers between 0 and 1, found trained betas, 1 steps"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "beta_schedule": "sigmoid"}"#,
            "m/s.json: beta_schedule: expected linear, scaled_linear, squaredcos_cap_v2, found sigmoid"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "timestep_spacing": "cubic"}"#,
            "m/s.json: timestep_spacing: expected leading, linspace or trailing, found cubic"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "prediction_type": "flow_prediction"}"#,
            "m/s.json: prediction_type: expected epsilon, v_prediction or sample, found flow_prediction"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "num_train_timesteps": 0}"#,
            "m/s.json: num_train_timesteps: expected 1 to 100000, found 0"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "steps_offset": 1000}"#,
            "m/s.json: steps_offset: expected 0 to 999, found 1000"
        ),
        (
            #"{"_class_name": "EulerDiscreteScheduler", "rescale_betas_zero_snr": true}"#,
            "m/s.json: rescale_betas_zero_snr: expected false where prediction_type is epsilon, found true"
        ),
        (
            #"{"_class_name": "PNDMScheduler", "use_flow_sigmas": true}"#,
            "m/s.json: use_flow_sigmas: expected false for PNDMScheduler, found true"
        ),
        (
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 1e-320}"#,
            "m/s.json: shift: expected a number from 0.01 to 100.0, found 1e-320"
        ),
        (
            #"{"_class_name": "FlowMatchLCMScheduler", "scale_factors": [0.5, 1]}"#,
            "m/s.json: scale_factors: expected none, found some"
        ),
        (
            #"{"_class_name": "EulerDiscreteScheduler", "final_sigmas_type": "half"}"#,
            "m/s.json: final_sigmas_type: expected zero or sigma_min, found half"
        ),
        (
            #"{"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": true, "use_dynamic_shifting": true}"#,
            "m/s.json: use_dynamic_shifting: expected false, found true"
        ),
        (
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "prediction_type": "epsilon"}"#,
            "m/s.json: prediction_type: expected flow_prediction or velocity, found epsilon"
        ),
        (
            #"{"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": true, "final_sigmas_type": "sigma_min"}"#,
            "m/s.json: final_sigmas_type: expected zero for a rectified flow, found sigma_min"
        ),
        (
            #"{"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": true, "flow_shift": -1}"#,
            "m/s.json: flow_shift: expected a number from 0.01 to 100.0, found -1.0"
        ),
        (
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 0}"#,
            "m/s.json: shift: expected a number from 0.01 to 100.0, found 0.0"
        ),
        (
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift_terminal": 0.02}"#,
            "m/s.json: shift_terminal: expected none, found 0.02"
        ),
    ])
    func settingsThatCannotBeFollowedAreRefused(_ json: String, _ message: String) {
        let error = #expect(throws: InputError.self) { try read(json) }
        #expect(error?.code == .modelConfiguration && error?.description == message)
    }
}

extension NoiseLevel {
    /// Another level's α and σ under a timestep.
    fileprivate init(timestep: Double, level: NoiseLevel) {
        self.init(timestep: timestep, alpha: level.alpha, sigma: level.sigma)
    }
}
