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

    @Option(name: .long, help: ArgumentHelp("Key file; may be given several times.", valueName: "file"))
    var key: [String]

    @Option(name: .long, help: ArgumentHelp("The false-positive rate to decide at.", valueName: "rate"))
    var fpr = 1e-6

    @Flag(name: .long, help: "Count a match of reversed sign too; doubles the p-value.")
    var twoSided = false

    @Option(name: .long, help: ArgumentHelp("Decoy keys to rank the key among; 0 for none.", valueName: "n"))
    var decoys = DecoyKeys.standardCount

    @Option(name: .long, help: ArgumentHelp("Write a picture of the evidence (one image only).", valueName: "file.png"))
    var plot: String?

    @Option(name: .long, help: ArgumentHelp("Images to put through the model at once.", valueName: "n"))
    var batch = 4

    @Option(name: .long, help: ArgumentHelp("Refuse images of more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var recovery: RecoveryArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if !(fpr > 0 && fpr < 1) { throw ValidationError("--fpr takes a rate between 0 and 1, found \(fpr)") }
        if key.isEmpty { throw ValidationError("--key is needed: the mark of which key?") }
        if !(0...10_000_000).contains(decoys) { throw ValidationError("--decoys takes 0 to 10000000, found \(decoys)") }
        if !(1...1024).contains(batch) { throw ValidationError("--batch takes 1 to 1024, found \(batch)") }
        if !(maxMegapixels > 0) {
            throw ValidationError("--max-megapixels takes a number above 0, found \(maxMegapixels)")
        }
        if plot != nil, images.count != 1 {
            throw ValidationError("--plot draws the evidence of one image, found \(images.count)")
        }
    }

    func run() throws {
        if let plot { try AtomicFile.requireWritable(plot, overwrite: overwrite.force) }
        let detectors = try keys().map(KeyDetector.init)
        let model = try self.model.open()
        let identity = model.identityInBackground()
        let verifier = try Verifier(
            recovery: model.recovery(recovery.settings()), detectors: detectors,
            settings: .init(falsePositiveRate: fpr, twoSided: twoSided, decoys: decoys), tool: ToolVersion.name,
            model: identity)
        let printer = VerdictPrinter(paths: images, keyNames: detectors.map(\.key.name), json: output.json)
        printer.printHeader()
        var verdicts: [Verdict] = []
        var failures = 0
        var progress = Progress("verify", total: images.count, quiet: output.quiet || isatty(STDOUT_FILENO) == 1)
        for start in stride(from: 0, to: images.count, by: batch) {
            var subjects: [Subject] = []
            for path in images[start..<min(start + batch, images.count)] {
                do {
                    subjects.append(
                        try Subject(path: path, imageSize: model.imageSize, limitMegapixels: maxMegapixels))
                } catch let error as InputError {
                    Diagnostics.error(error)
                    failures += 1
                }
            }
            if subjects.isEmpty { continue }
            for evidence in try verifier.judge(subjects) {
                try printer.print(evidence.verdict)
                verdicts.append(evidence.verdict)
                if let plot, let subject = subjects.first {
                    try EvidencePlot.write(evidence, of: subject, to: plot, overwrite: overwrite.force)
                }
            }
            // A pipe's reader gets the lines as they come.
            fflush(nil)
            progress.update(done: min(start + batch, images.count))
        }
        progress.finish()
        printer.printFooter(verdicts)
        throw ExitStatus(decisions: verdicts.map(\.verdict), failures: failures)
    }

    private func keys() throws -> [RingKey] {
        try key.map { path in
            let key = try RingKey(contentsOf: path)
            if RingKey.isReadableByOthers(path), !output.quiet {
                Diagnostics.warning("\(path): others can read this key (chmod 600 \(path))")
            }
            return key
        }
    }
}
