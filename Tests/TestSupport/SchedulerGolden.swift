import Foundation

/// What diffusers' schedulers make of their files (`Fixtures/Diffusion/make_schedulers.py`).
package struct SchedulerGolden: Decodable {
    /// A class by its own defaults.
    package struct Row: Decodable {
        /// Its name.
        package let `class`: String
        /// `prediction_type`.
        package let prediction: String
        /// `clip_sample`.
        package let clips: Bool
        /// ᾱ at `places`.
        package let alphas: [Double]
        /// ᾱ at the clean end.
        package let final: Double?
        /// The last ᾱ with `rescale_betas_zero_snr`; nil where the class has no such setting.
        package let zeroSNR: Double?
        /// By spacing, with a steps offset of 1: where the model is asked in a run of 10 steps, ascending, each once.
        package let timesteps: [String: [Double]]
    }

    /// A file in `Fixtures/Diffusion/schedulers`.
    package struct File: Decodable {
        /// Its name.
        package let file: String
        /// `prediction_type`.
        package let prediction: String
        /// ᾱ at `places`.
        package let alphas: [Double]
    }

    /// The training steps of `alphas`.
    package let places: [Int]
    /// Every class that has betas.
    package let classes: [Row]
    /// The files.
    package let files: [File]

    /// Reads the fixture.
    package static func load() throws -> SchedulerGolden {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.url("Diffusion/schedulers.json")))
    }
}
