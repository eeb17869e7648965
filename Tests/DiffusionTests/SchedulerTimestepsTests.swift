import Diffusion
import Foundation
import InputErrors
import Models
import NoiseSchedules
import Synchronization
import Tensors
import TestSupport
import Testing

/// Where the model is asked in a run by each class's file, and that no file makes a run trap.
struct SchedulerTimestepsTests {
    private let shape = LatentShape(channels: 1, height: 1, width: 2)

    /// The timesteps at which the model is asked while sampling, ascending.
    private func asked(_ configuration: SchedulerConfiguration, _ solver: Solver, steps: Int) throws -> [Double] {
        let asked = Mutex<[Double]>([])
        let predictor = FunctionPredictor(predictionType: configuration.predictionType, latentShape: shape) {
            z, timestep in
            asked.withLock { $0.append(timestep) }
            return z.mapped { 0.1 * $0 }
        }
        let run = DiffusionSolver(solver, schedule: configuration.schedule, predictor: predictor)
        _ = try run.sample(Tensor([1, -1], shape: [1, 1, 1, 2]), steps: steps, guidance: .none(nil))
        return asked.withLock { $0.reversed() }
    }

    private func read(_ json: String) throws -> SchedulerConfiguration {
        try SchedulerConfiguration(data: Data(json.utf8), named: "s.json")
    }

    /// What docs/diffusion.md says of the classes' timesteps. PNDM, KDPM2 and the SDE sampler also ask between them; the
    /// classes of levels do not round those of `linspace`.
    @Test func timestepsAreThoseOfDiffusers() throws {
        let between = [
            "PNDMScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "DPMSolverSDEScheduler",
        ]
        var runs = 0
        for row in try SchedulerGolden.load().classes {
            for (spacing, expected) in row.timesteps {
                let configuration = try read(
                    #"{"_class_name": "\#(row.class)", "clip_sample": false, "steps_offset": 1, "#
                        + #""timestep_spacing": "\#(spacing)"}"#)
                // The sampling class has another grid; the inverse one's has the same spacing and is tested with runs.
                if row.class == "DPMSolverMultistepInverseScheduler" { continue }
                let asked = try asked(configuration, configuration.solver(), steps: 10)
                runs += 1
                let nearest = asked.map { one in expected.map { abs($0 - one) }.min() ?? .infinity }
                #expect(
                    nearest.allSatisfy { $0 <= (spacing == "linspace" ? 0.5 : 0) }, "\(row.class) \(spacing): \(asked)")
                #expect(asked.count == 10 && (between.contains(row.class) || expected.count == 10), "\(row.class)")
            }
        }
        #expect(runs == 65)
    }

    /// The file that trapped: Karras's levels of a schedule whose last ᾱ is 0.
    @Test func karrasLevelsOfPureNoiseAreRefused() throws {
        let configuration = try read(
            #"{"_class_name": "DDIMScheduler", "clip_sample": false, "rescale_betas_zero_snr": true, "#
                + #""prediction_type": "v_prediction", "timestep_spacing": "trailing"}"#)
        let solver = try Solver(parsing: "dpm++2m-karras")
        #expect(refusalCode { try asked(configuration, solver, steps: 5) } == .invalidSetting)
        #expect(try asked(configuration, .ddim, steps: 5).count == 5)
    }

    /// Extreme numbers in every numeric setting: a refusal, or runs in both directions that ask at ascending timesteps.
    @Test func noNumberMakesARunTrap() throws {
        let numbers = [
            "0", "-1", "1", "2", "1e-320", "1e-45", "1e-7", "0.412", "0.999", "1e10", "1e308", "NaN", "Infinity",
            "-Infinity", "7", "999", "100000",
        ]
        let settings = [
            "num_train_timesteps", "beta_start", "beta_end", "steps_offset", "flow_shift", "shift", "solver_order",
            "sigma_min", "lambda_min_clipped", "shift_terminal", "base_shift", "max_shift", "base_image_seq_len",
            "max_image_seq_len",
        ]
        let solvers = try ["ddim", "dpm++1", "dpm++2m", "dpm++3m", "dpm++2m-karras", "flow"].map(Solver.init(parsing:))
        let kinds = [
            #""DPMSolverMultistepScheduler", "use_karras_sigmas": true"#,
            #""UniPCMultistepScheduler", "use_flow_sigmas": true"#, #""FlowMatchEulerDiscreteScheduler""#,
            #""FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true"#,
            #""FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true, "time_shift_type": "linear""#,
            #""LCMScheduler", "rescale_betas_zero_snr": true, "prediction_type": "v_prediction""#,
            #""EulerDiscreteScheduler", "beta_schedule": "squaredcos_cap_v2", "timestep_spacing": "leading""#,
        ]
        var (refused, run) = (0, 0)
        for kind in kinds {
            for (setting, number) in settings.flatMap({ setting in numbers.map { (setting, $0) } }) {
                do {
                    let configuration = try read(#"{"_class_name": \#(kind), "\#(setting)": \#(number)}"#)
                    for (solver, steps) in solvers.flatMap({ solver in [1, 7].map { (solver, $0) } }) {
                        do {
                            let timesteps = try asked(configuration, solver, steps: steps)
                            #expect(timesteps == timesteps.sorted() && timesteps.allSatisfy(\.isFinite))
                            run += 1
                        } catch is InputError { refused += 1 }
                    }
                } catch is InputError { refused += 1 }
            }
        }
        #expect(refused > 500 && run > 2000, "\(refused) refused, \(run) run")
    }
}
