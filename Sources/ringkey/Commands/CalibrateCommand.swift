import ArgumentParser
import Files
import Foundation
import Images
import InputErrors
import NullModels
import RingkeyKit

/// `ringkey calibrate`.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Learn what a model's unmarked images have in common.",
        discussion: """
            Noise recovered from images is not white, and part of it is the same in many images. A key that happens to \
            lie along that part matches too often. This command learns the mean and whitening of the noise recovered \
            from unmarked images. With them verify and audit find weaker marks, and the false-positive rate of a \
            single key comes closer to the requested one. No key is involved: p-values stay exact.

            Use images like those to be judged: at least \(NullModel.fewestImages), better a few hundred. None of them \
            may carry a mark that is to be found later, since the mark would be learnt too.

            With --marked and --key it also measures how well marks come back, so that verify knows which keys of this \
            kind can be called absent. Without, it assumes a modest signal-to-noise ratio.

            With --for-key the images are also scored for keys that were not drawn at random (zeros, const, hand-written \
            rings). verify then gives such keys a conformal p-value, at the least 1/(n + 1) for n images, times the hypotheses: \
            choose --fpr accordingly. It holds for images like these.

            Examples:
              ringkey generate --prompt-file prompts.txt --count 4 -o clean/
              ringkey calibrate clean/ --model my-model         # writes my-model/\(Calibration.fileName)
              ringkey calibrate clean/*.png photos/*.jpg -o my.safetensors
              ringkey verify photo.png --key my.key.json --calibration my.safetensors
              ringkey calibrate clean/ --for-key zeros.key.json -o my.safetensors
              ringkey calibrate clean/ --marked published/ --key my.key.json

            Files that cannot be read are reported and left out; the exit code is then 2.
            """)

    @Argument(help: ArgumentHelp("Image files, or folders of them.", valueName: "image"))
    var images: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File to write. Default: \(Calibration.fileName) in the model folder.", valueName: "file"))
    var output: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Key file without an exact p-value, for a conformal one; can be repeated.", valueName: "file"))
    var forKey: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Image file, or folder, of images marked with --key, as they will be met; can be repeated.",
            valueName: "image"))
    var marked: [String] = []

    @Option(name: .long, help: ArgumentHelp("Key file of the marked images.", valueName: "file"))
    var key: String?

    @Option(name: .long, help: ArgumentHelp("Images to run through the model at once.", valueName: "n"))
    var batch = 4

    @Option(name: .long, help: ArgumentHelp("Refuse images with more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var recovery: RecoveryArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if marked.isEmpty != (key == nil) { throw ValidationError("--marked and --key go together") }
        if !(1...1024).contains(batch) { throw ValidationError("--batch takes 1 to 1024, found \(batch)") }
        if !(maxMegapixels > 0) {
            throw ValidationError("--max-megapixels takes a number above 0, found \(maxMegapixels)")
        }
    }

    func run() throws {
        let model = try self.model.open()
        let output = self.output ?? CalibrationChoice.pathBeside(model)
        let paths = try images.flatMap(ImageFolder.files)
        let marked = try key.map {
            CalibrationRun.MarkedImages(try self.marked.flatMap(ImageFolder.files), key: try KeyFile.read($0))
        }
        try OutputPaths.requireApart(
            [output], from: paths + (marked?.paths ?? []) + [key].compactMap(\.self) + forKey)
        let keys = try forKey.map(KeyFile.read)
        try AtomicFile.requireWritable(output, overwrite: overwrite.force)
        let run = try CalibrationRun(
            model.sized(for: [marked?.key].compactMap(\.self) + keys), recovery.request(), batch: batch,
            limitMegapixels: maxMegapixels)
        let total = paths.count + (marked?.paths.count ?? 0)
        var progress = Progress("calibrate", total: total, quiet: printing.quiet)
        let outcome = try run.learn(paths, keys: keys, marked: marked) { done, failure in
            if let failure { Diagnostics.error(failure) } else { progress.update(done: done) }
        }
        progress.finish()
        try outcome.calibration.write(to: output, overwrite: overwrite.force)
        try write(outcome, output)
        if !outcome.failures.isEmpty { throw ExitStatus.error }
    }

    private struct Report: Encodable {
        let output: String
        let digest: String
        let images: Int
        let model: String
        let looks: [CalibrationRun.Likeness]
        let recoveries: [Recovery]
    }

    private struct Recovery: Encodable {
        let look: String
        let key: String
        let images: Int
        let before: Double
        let after: Double

        enum CodingKeys: String, CodingKey {
            case look, key, images
            case before = "signal_to_noise_before"
            case after = "signal_to_noise"
        }

        init(_ recovery: CalibrationRun.Recovery) {
            let calibrated = recovery.calibrated
            (look, key, images) = (calibrated.route, calibrated.family, calibrated.images)
            (before, after) = (recovery.plain.signalToNoise, calibrated.signalToNoise)
        }
    }

    /// Says how alike unmarked latents are before and after.
    private func write(_ outcome: CalibrationRun.Outcome, _ output: String) throws {
        let calibration = outcome.calibration
        let report = Report(
            output: RawPath(output).description, digest: calibration.digest, images: calibration.images,
            model: calibration.modelDigest,
            looks: outcome.likeness,
            recoveries: outcome.recoveries.map(Recovery.init))
        if printing.json { return try JSONLine.write(report) }
        try StandardOutput.write(
            lines: "\(Printable.name(output))  \(report.images) images  model \(report.model.prefix(12))  "
                + "digest \(report.digest.prefix(12))"
        )
        for row in report.looks {
            try StandardOutput.write(
                lines: "\(row.look): root mean square cosine between two images' noise "
                    + String(
                        format: "%.3f, with the calibration %.3f (held out; white noise %.3f)",
                        row.likenessBefore, row.likenessAfter, row.white))
        }
        for row in report.recoveries {
            try StandardOutput.write(
                lines: "\(row.look): signal-to-noise ratio of the mark in 19 of 20 of \(row.images) marked images "
                    + String(format: "%.3g or more, with the calibration %.3g", row.before, row.after))
        }
        if report.looks.isEmpty, !printing.quiet {
            Diagnostics.warning(
                "\(report.images) images are too few to measure the gain: \(2 * NullModel.fewestImages) are needed")
        }
    }
}
