import ArgumentParser
import Diffusion
import Foundation
import NoiseSchedules
import RingkeyKit

/// Which images a robustness study makes or uses.
struct StudyImageArguments: ParsableArguments {
    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Number of marked images, and of clean ones.", valueName: "n"))
    var count = 100

    @Option(
        name: .long,
        help: ArgumentHelp("File with one prompt per line. Default: 16 landscapes.", valueName: "file"))
    var prompts: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Solver steps for the images. Default: 50; 1 for a one-step model.", valueName: "n"))
    var imageSteps: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Guidance for the images; 1 for none. Default: 3; 1 for a one-step model.", valueName: "g"))
    var imageGuidance: Double?

    @Option(
        name: .long, help: ArgumentHelp("Use these marked images instead; needs --clean.", valueName: "dir"))
    var marked: String?

    @Option(
        name: .long, help: ArgumentHelp("Use these clean images instead; needs --marked.", valueName: "dir"))
    var clean: String?

    func validate() throws {
        if !(2...1_000_000).contains(count) { throw ValidationError("-n takes 2 to 1000000, found \(count)") }
        if let imageSteps, !(1...1000).contains(imageSteps) {
            throw ValidationError("--image-steps takes 1 to 1000, found \(imageSteps)")
        }
        if let imageGuidance, !(0...100).contains(imageGuidance) {
            throw ValidationError("--image-guidance takes a number from 0 to 100, found \(imageGuidance)")
        }
        if (marked == nil) != (clean == nil) { throw ValidationError("--marked and --clean must be given together") }
        if marked != nil, prompts != nil {
            throw ValidationError("--prompts cannot be combined with --marked and --clean")
        }
    }

    func images() throws -> RobustnessStudy.Request.Images {
        if let marked, let clean { return .given(marked: marked, clean: clean) }
        return .made(prompts: try allPrompts(), steps: imageSteps, guidance: imageGuidance)
    }

    /// The prompts to make images for, in turn.
    private func allPrompts() throws -> [String] {
        if let prompts { return try PromptFile.read(prompts) }
        return ["mountains", "hills", "dunes", "sea"].flatMap { place in
            ["dawn with clouds", "noon", "dusk with sun", "night with moon"].map { "\(place) at \($0)" }
        }
    }
}
