import Foundation
import InputErrors
import NoiseSchedules
import TestSupport
import Testing

/// Every class of diffusers with betas, by its own defaults and by files as they are on the hubs
/// (`Fixtures/Diffusion/make_schedulers.py`).
struct SchedulerClassTests {
    private let golden: SchedulerGolden

    init() throws { golden = try SchedulerGolden.load() }

    private func read(_ json: String) throws -> SchedulerConfiguration {
        try SchedulerConfiguration(data: Data(json.utf8), named: "m/s.json")
    }

    private func expect(_ schedule: NoiseSchedule, at timestep: Int, _ expected: Double, _ name: String) {
        let alpha = schedule.level(at: timestep).alpha
        #expect(abs(alpha * alpha - expected) <= 0x1p-22 * expected, "\(name), ᾱ at \(timestep)")
    }

    // A class that clips is told not to; everything else is left to the class.
    @Test func absentSettingsAreThoseOfTheClass() throws {
        #expect(golden.classes.count == 23 && golden.places.count == 6)
        for row in golden.classes {
            if row.clips {
                #expect(refusalCode { try read(#"{"_class_name": "\#(row.class)"}"#) } == .modelConfiguration)
            }
            let configuration = try read(#"{"_class_name": "\#(row.class)", "clip_sample": false}"#)
            #expect(configuration.className == row.class && configuration.predictionType.rawValue == row.prediction)
            for (place, alpha) in zip(golden.places, row.alphas) {
                expect(configuration.schedule, at: place, alpha, row.class)
            }
            if let final = row.final { expect(configuration.schedule, at: -1, final, row.class) }
        }
    }

    @Test func zeroTerminalSNRIsFollowedWhereTheClassHasIt() throws {
        for row in golden.classes {
            let json =
                #"{"_class_name": "\#(row.class)", "clip_sample": false, "rescale_betas_zero_snr": true, "#
                + #""prediction_type": "v_prediction"}"#
            if let alpha = row.zeroSNR {
                #expect(try read(json).schedule.level(at: 999).alpha == alpha.squareRoot(), "\(row.class)")
            } else {
                let error = #expect(throws: InputError.self, "\(row.class)") { try read(json) }
                #expect(error?.subject == "m/s.json: rescale_betas_zero_snr")
            }
        }
    }

    @Test func filesOfTheHubsAreRead() throws {
        #expect(golden.files.count == 5)
        for row in golden.files {
            let data = try Data(contentsOf: Fixtures.url("Diffusion/schedulers/\(row.file)"))
            guard row.file != "euler_continuous.json" else {
                let error = #expect(throws: InputError.self) { try SchedulerConfiguration(data: data, named: "s") }
                #expect(error?.subject == "s: timestep_type" && error?.found == "continuous")
                continue
            }
            let configuration = try SchedulerConfiguration(data: data, named: "s")
            #expect(configuration.predictionType.rawValue == row.prediction)
            for (place, alpha) in zip(golden.places, row.alphas) {
                expect(configuration.schedule, at: place, alpha, row.file)
            }
        }
    }

    /// Settings left over from another class are passed over, as diffusers does.
    @Test func settingsOfOtherClassesAreLeftOver() throws {
        for (name, setting) in [
            ("DEISMultistepScheduler", #""set_alpha_to_one": true"#),
            ("HeunDiscreteScheduler", #""final_sigmas_type": "?""#),
            ("LCMScheduler", #""timestep_spacing": "leading""#), ("DDIMScheduler", #""use_karras_sigmas": true"#),
            ("EulerAncestralDiscreteScheduler", #""use_karras_sigmas": true"#),
            ("DPMSolverSinglestepScheduler", #""steps_offset": 1, "timestep_spacing": "trailing""#),
            ("UniPCMultistepScheduler", #""algorithm_type": "dpmsolver""#),
        ] {
            let beginning = #"{"_class_name": "\#(name)", "clip_sample": false"#
            let (with, without) = (try read("\(beginning), \(setting)}"), try read("\(beginning)}"))
            #expect(try with == without && with.solver() == without.solver(), "\(name), \(setting)")
        }
    }

    /// A schedule that does not exist in single precision is refused with the place where it ends.
    @Test(arguments: [
        (#""beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.412"#, "at step"),
        (#""beta_start": 1e-320, "beta_end": 1e-320"#, "numbers between 0 and 1"),
        (#""beta_start": 1e-12, "beta_end": 1e-12"#, "ᾱ 1.0 at step 0"),
        (#""beta_start": 1e-7, "beta_end": 1e-44"#, "at step"), (#""num_train_timesteps": 100000"#, "at step"),
        (#""beta_end": 1e308"#, "numbers between 0 and 1"), (#""beta_end": Infinity"#, "numbers between 0 and 1"),
        (#""trained_betas": [0.5, NaN], "num_train_timesteps": 2"#, "numbers between 0 and 1"),
        (#""trained_betas": [0.5, 1e-9], "num_train_timesteps": 2"#, "ᾱ 0.5 at step 1"),
    ])
    func schedulesThatStandStillAreRefused(_ settings: String, _ words: String) {
        let error = #expect(throws: InputError.self) { try read(#"{"_class_name": "PNDMScheduler", \#(settings)}"#) }
        #expect(error?.subject == "m/s.json: betas" && error?.code == .modelConfiguration)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// InstaFlow's pipeline takes one step of a velocity, whatever its scheduler's file says.
    @Test func thePipelineOfInstaFlowMeansVelocity() throws {
        for file in [
            #"{"_class_name": "PNDMScheduler", "prediction_type": "epsilon", "beta_schedule": "scaled_linear"}"#,
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler"}"#,
            #"{"_class_name": "FlowMatchEulerDiscreteScheduler", "prediction_type": "velocity"}"#,
        ] {
            let configuration = try SchedulerConfiguration(
                data: Data(file.utf8), named: "s", pipeline: "RectifiedFlowPipeline")
            #expect(configuration.predictionType == .velocity && configuration.isForOneStep)
            #expect(try configuration.schedule == .rectifiedFlow(shift: 1) && configuration.solver() == .flow)
        }
        let error = #expect(throws: InputError.self) {
            try SchedulerConfiguration(
                data: Data(#"{"_class_name": "PNDMScheduler", "prediction_type": "v_prediction"}"#.utf8), named: "s",
                pipeline: "RectifiedFlowPipeline")
        }
        #expect(error?.description == "s: prediction_type: expected velocity or epsilon, found v_prediction")
    }
}
