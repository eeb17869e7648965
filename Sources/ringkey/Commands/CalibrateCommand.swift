import ArgumentParser
import Foundation
import Images
import OnnxModels
import RingKeys
import Tensors
import Verification

/// `ringkey calibrate`.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Learn what a model's unmarked images have in common.",
        discussion: """
            The noise that is recovered from images is not white, and that of many images is partly the same. A key that \
            happens to lie along it matches too often. This learns mean and whitening of the recovered noise from \
            unmarked images; verify and audit then use it, find weaker marks, and a single key's false positives come \
            closer to the asked rate. No key takes part: p-values stay exact.

            Give images like those that will be judged, \(NullModel.fewestImages) at least, some hundred for good. None of \
            them may carry a mark that is to be found later: the mark would be learnt as well.

            Examples:
              ringkey generate --prompt-file prompts.txt --count 4 -o clean/
              ringkey calibrate clean/ --model my-model         # writes my-model/\(Calibration.fileName)
              ringkey calibrate clean/*.png photos/*.jpg -o my.safetensors
              ringkey verify photo.png --key my.key.json --calibration my.safetensors

            Files that cannot be read are named and left out; the exit code is then 2.
            """)

    @Argument(help: ArgumentHelp("PNG, JPEG or WebP files, or folders of such.", valueName: "image"))
    var images: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File to write. Default: \(Calibration.fileName) in the model folder.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Images to put through the model at once.", valueName: "n"))
    var batch = 4

    @Option(name: .long, help: ArgumentHelp("Refuse images of more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var recovery: RecoveryArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if !(1...1024).contains(batch) { throw ValidationError("--batch takes 1 to 1024, found \(batch)") }
        if !(maxMegapixels > 0) {
            throw ValidationError("--max-megapixels takes a number above 0, found \(maxMegapixels)")
        }
    }

    func run() throws {
        let model = try self.model.open()
        let output = self.output ?? model.url.appendingPathComponent(Calibration.fileName).path
        try AtomicFile.requireWritable(output, overwrite: overwrite.force)
        let paths = try images.flatMap(Self.files)
        guard paths.count >= NullModel.fewestImages else {
            throw InputError(
                "calibrate", expected: "at least \(NullModel.fewestImages) images", found: "\(paths.count)")
        }
        let identity = model.identityInBackground()
        let chain = try model.recovery(recovery.settings)
        let (latents, failures) = try recover(paths, imageSize: model.imageSize, chain)
        let nulls = try latents.map { try NullModel(learningFrom: $0) }
        let calibration = try Calibration(
            modelDigest: identity().digest, prompt: chain.settings.prompt, guidance: chain.settings.guidance,
            images: paths.count - failures,
            nulls: Dictionary(zip(chain.settings.looks.map(chain.settings.way), nulls)) { $1 })
        try calibration.write(to: output, overwrite: overwrite.force)
        try report(calibration, output, chain.settings.looks, latents)
        if failures > 0 { throw ExitStatus.error }
    }

    /// The recovered noise of every image that can be read, by looks.
    private func recover(
        _ paths: [String], imageSize: (height: Int, width: Int), _ chain: NoiseRecovery
    ) throws -> (latents: [[Tensor]], failures: Int) {
        let looks = chain.settings.looks
        var latents = looks.map { _ in [Tensor]() }
        var failures = 0
        var progress = Progress("calibrate", total: paths.count, quiet: printing.quiet)
        for start in stride(from: 0, to: paths.count, by: batch) {
            var subjects: [Subject] = []
            for path in paths[start..<min(start + batch, paths.count)] {
                do {
                    subjects.append(
                        try Subject(path: path, imageSize: imageSize, limitMegapixels: maxMegapixels))
                } catch let error as InputError {
                    Diagnostics.error(error)
                    failures += 1
                }
            }
            if subjects.isEmpty { continue }
            var recoveryBatch = try RecoveryBatch(
                .concatenating(subjects.map(\.pixels)), prompts: subjects.map { _ in nil }, recovery: chain)
            for (index, look) in looks.enumerated() {
                let noise = try recoveryBatch.recover(Array(subjects.indices), by: look).inverted.noise
                latents[index] += subjects.indices.map { noise.item($0) }
            }
            progress.update(done: min(start + batch, paths.count))
        }
        progress.finish()
        return (latents, failures)
    }

    private struct Report: Encodable {
        struct Look: Encodable {
            var look: String
            var likenessBefore: Double
            var likenessAfter: Double
            var white: Double

            enum CodingKeys: String, CodingKey {
                case look
                case likenessBefore = "likeness_before"
                case likenessAfter = "likeness_after"
                case white
            }
        }

        var output: String
        var digest: String
        var images: Int
        var model: String
        var looks: [Look]
    }

    /// Says how alike unmarked latents are before and after, with nulls learnt from one half and held against the other.
    private func report(
        _ calibration: Calibration, _ output: String, _ looks: [Look], _ latents: [[Tensor]]
    ) throws {
        var report = Report(
            output: output, digest: calibration.digest, images: calibration.images, model: calibration.modelDigest,
            looks: [])
        for (look, latents) in zip(looks, latents) where latents.count >= 2 * NullModel.fewestImages {
            let halves = (0..<2).map { half in
                latents.enumerated().filter { $0.offset % 2 == half }.map(\.element)
            }
            let after = try [(0, 1), (1, 0)].map { own, other in
                let null = try NullModel(learningFrom: halves[own])
                return LatentLikeness.rootMeanSquareCosine(halves[other].map(null.filtered))
            }
            report.looks.append(
                .init(
                    look: look.description, likenessBefore: LatentLikeness.rootMeanSquareCosine(latents),
                    likenessAfter: (after[0] + after[1]) / 2, white: 1 / Double(latents[0].count).squareRoot()))
        }
        if printing.json { return try JSONLine.print(report) }
        print(
            "\(output)  \(report.images) images  model \(report.model.prefix(12))  digest \(report.digest.prefix(12))")
        for row in report.looks {
            print(
                "\(row.look): two images' noise has a root mean square cosine of "
                    + String(
                        format: "%.3f, %.3f with the calibration (held out; white noise has %.3f)",
                        row.likenessBefore, row.likenessAfter, row.white))
        }
        if report.looks.isEmpty, !printing.quiet {
            Diagnostics.warning(
                "\(report.images) images are too few to tell what was gained: \(2 * NullModel.fewestImages) are needed")
        }
    }

    /// A file as it is; of a folder the PNG, JPEG and WebP files in it, sorted.
    private static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw InputError(path, expected: "a readable folder", found: "one that cannot be read")
        }
        let endings = [".png", ".jpg", ".jpeg", ".webp"]
        let images = names.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }.sorted()
        guard !images.isEmpty else { throw InputError(path, expected: "a folder of images", found: "none in it") }
        return images.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }
}
