import ArgumentParser
import Foundation
import Images
import RingKeys
import Tensors
import Verification

/// `ringkey verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tell whether images carry the mark of a key.",
        discussion: """
            Each image is taken back to the noise it was made from, and the noise is compared with each key. The p-value \
            is the chance of such a match for an image that has nothing to do with the key; it is exact for any image and \
            already corrected for the number of keys. It is not the chance that the image is unmarked.

            Verdicts:
              watermarked      consistent with a key at the asked rate
              not_watermarked  no mark found, and one would have been found
              undecided        the key cannot reach the asked rate, or the recovered noise does not look like noise \
            (wrong model or preprocessing, most likely)

            Examples:
              ringkey verify photo.png --key my.key.json
              ringkey verify out/*.png --key a.json --key b.json --json
              ringkey verify photo.png --key my.key.json --plot evidence.png

            Exit codes: \(ExitStatus.summary)
            A key can be forged from one marked image and removed with the public autoencoder.
            """)

    @Argument(help: ArgumentHelp("PNG, JPEG or WebP files.", valueName: "image"))
    var images: [String]

    @Option(
        name: .long,
        help: ArgumentHelp("Draw the evidence as .svg or .png (one image only).", valueName: "file"))
    var plot: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with the prompt of each image, a line each, in the images' order.", valueName: "file"))
    var promptFile: String?

    @OptionGroup var detection: DetectionArguments
    @OptionGroup var recovery: RecoveryArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if promptFile != nil, !recovery.inversion.prompt.isEmpty {
            throw ValidationError("--prompt-file or --prompt, not both")
        }
        if let plot { try PictureFile.validate(plot) }
        if plot != nil, images.count != 1 {
            throw ValidationError("--plot draws the evidence of one image, found \(images.count)")
        }
    }

    func run() throws {
        let prompts = try self.prompts()
        let picture = try plot.map { try PictureFile($0, overwrite: overwrite.force) }
        let detectors = try detection.detectors(quiet: output.quiet)
        let model = try self.model.open()
        let verifier = try detection.verifier(detectors, model: model, recovery: recovery)
        let printer = VerdictPrinter(
            paths: images, keyNames: detectors.map(\.key.name), looks: verifier.recovery.settings.looks,
            json: output.json)
        printer.printHeader()
        var verdicts: [Verdict] = []
        var failures = 0
        var progress = Progress("verify", total: images.count, quiet: output.quiet || isatty(STDOUT_FILENO) == 1)
        for start in stride(from: 0, to: images.count, by: detection.batch) {
            var subjects: [Subject] = []
            for index in start..<min(start + detection.batch, images.count) {
                do {
                    var subject = try Subject(
                        path: images[index], imageSize: model.imageSize, limitMegapixels: detection.maxMegapixels)
                    subject.prompt = prompts?[index]
                    subjects.append(subject)
                } catch let error as InputError {
                    Diagnostics.error(error)
                    failures += 1
                }
            }
            if subjects.isEmpty { continue }
            for evidence in try verifier.judge(subjects) {
                try printer.print(evidence.verdict)
                verdicts.append(evidence.verdict)
                if let picture, let subject = subjects.first {
                    try EvidencePlot.write(evidence, of: subject, to: picture)
                }
            }
            // A pipe's reader gets the lines as they come.
            fflush(nil)
            progress.update(done: min(start + detection.batch, images.count))
        }
        progress.finish()
        printer.printFooter(verdicts)
        throw ExitStatus(decisions: verdicts.map(\.verdict), failures: failures)
    }

    private func prompts() throws -> [String]? {
        guard let promptFile else { return nil }
        let prompts = try PromptFile.read(promptFile)
        guard prompts.count == images.count else {
            throw InputError(
                promptFile, expected: "\(images.count) lines, one for each image", found: "\(prompts.count)")
        }
        return prompts
    }
}
