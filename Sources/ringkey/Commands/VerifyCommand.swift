import ArgumentParser
import Files
import Foundation
import Images
import InputErrors
import RingkeyKit
import Verdicts
import Verification

/// `ringkey verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check whether images carry a key's mark.",
        discussion: """
            Each image is inverted to the noise it was made from, and the noise is compared with each key. The p-value \
            is the chance that an image unrelated to the key matches this well; it is exact for any image and already \
            corrected for the number of keys, looks and places. It is not the chance that the image is unmarked.

            Verdicts:
              watermarked      consistent with a key at the requested rate
              not_watermarked  no mark found, though one as strong as usual would have been
              undecided        no mark found, but the key's mark, as it comes back, would not reach the requested rate, \
            or the recovered noise does not look like noise (most likely a wrong model or preprocessing)

            A spread key is also searched for in turned, cut, shifted, mirrored and stretched pictures (--search), and \
            the p-value pays for every place that was tried. An image that promises nothing is given up after the \
            first search, before its noise is judged (--thorough goes on).

            Images are \(ImageDecoder.formatNames), told by their content. One whose file carries an \
            EXIF orientation is judged as it is stored and as it is shown.

            Examples:
              ringkey verify photo.png --key my.key.json
              ringkey verify out/*.png --key a.json --key b.json --json
              ringkey verify photo.png --key my.key.json --plot evidence.png
              ringkey verify photo.png --key my.key.json --noise z_T.npy
              curl -s https://example.org/photo.jpg | ringkey verify - --key <(age -d my.key.age)

            Exit codes: \(ExitStatus.summary)
            A mark can be forged from one marked image, and removed with the public autoencoder.
            """)

    @Argument(help: ArgumentHelp("Image files, or - for one on standard input.", valueName: "image"))
    var images: [String]

    @Option(
        name: .long,
        help: ArgumentHelp("Draw the evidence as .svg or .png (one image only).", valueName: "file"))
    var plot: PlotPath?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "File with one prompt per line, in the order of the images.", valueName: "file"))
    var promptFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Noise that the images may have started from, as noise and generate write it; can be repeated. The verdict then \
            says whether they agree beside the key too.
            """, valueName: "file.npy"))
    var noise: [String] = []

    @OptionGroup var detection: DetectionArguments
    @OptionGroup var looks: LookArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if promptFile != nil, !looks.recovery.inversion.prompt.isEmpty {
            throw ValidationError("--prompt-file and --prompt cannot be combined")
        }
        if images.count(where: { $0 == NamedImage.standardInput }) > 1 {
            throw ValidationError("standard input can be read only once")
        }
        if let plot { try plot.validate() }
        if plot != nil, images.count != 1 {
            throw ValidationError("--plot takes exactly one image, found \(images.count)")
        }
    }

    func run() throws {
        let prompts = try self.prompts()
        try OutputPaths.requireApart(
            [plot?.path].compactMap(\.self), from: images + detection.keyFiles + [promptFile].compactMap(\.self) + noise
        )
        let picture = try plot?.open(overwrite: overwrite.force)
        let keys = try detection.keys(quiet: output.quiet)
        let verifier = try Verifier(
            model.open(forImages: images.count), keys: keys.keys, banks: keys.banks, detection: detection.request,
            recovery: looks.request(model.options(forImages: images.count)), startingNoises: noise,
            loadsAhead: images.count > 1)
        let printer = VerdictPrinter(
            paths: images, keyNames: keys.names, looks: verifier.plan.routes, json: output.json)
        try printer.writeHeader()
        var verdicts: [Verdict] = []
        let run = ImageRun(
            images: images, prompts: prompts, detection: detection, keepsPictures: plot != nil, quiet: output.quiet)
        let status = try run.judge(with: verifier) { evidence, subject in
            try printer.write(evidence.verdict)
            verdicts.append(evidence.verdict)
            if let picture { try EvidencePlot.write(evidence, of: subject, to: picture) }
        }
        try printer.writeFooter(verdicts)
        throw status
    }

    private func prompts() throws -> [String]? {
        guard let promptFile else { return nil }
        let prompts = try PromptFile.read(promptFile)
        guard prompts.count == images.count else {
            throw InputError(
                promptFile, expected: "\(images.count) lines, one per image", found: "\(prompts.count)",
                as: .invalidSetting)
        }
        return prompts
    }
}
