import ArgumentParser
import Models
import RingkeyKit

/// What a picture is edited with, instead of made anew.
struct EditingArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Initial noise, for one image, instead of drawing it from a seed.", valueName: "file.npy"))
    var initNoise: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Clean latent of an original whose background is put back outside the mask.", valueName: "file.npy"))
    var blendWith: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Image over the original: white where it may change, black where it is to stay.", valueName: "file"))
    var mask: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Step after which the background is put back. Default: 7 of 10, 35 of 50.", valueName: "n"))
    var blendStep: Int?

    /// Files that are read.
    var inputs: [String] { [initNoise, blendWith, mask].compactMap(\.self) }

    func validate(seed: UInt64?, steps: Int?) throws {
        if initNoise != nil, seed != nil { throw ValidationError("--init-noise leaves no place for --seed") }
        if (blendWith == nil) != (mask == nil) { throw ValidationError("--blend-with and --mask need each other") }
        guard let blendStep else { return }
        if blendWith == nil { throw ValidationError("--blend-step needs --blend-with and --mask") }
        if blendStep < 1 || steps.map({ blendStep > $0 }) == true {
            throw ValidationError("--blend-step takes 1 to the number of steps, found \(blendStep)")
        }
    }

    /// The original to blend with; nil for none.
    func blend(_ model: any DiffusionModel) throws -> BackgroundBlend? {
        guard let blendWith, let mask else { return nil }
        return try BackgroundBlend(original: blendWith, mask: mask, step: blendStep, model: model)
    }
}
