import ArgumentParser
import Attempts
import DecoderInversion
import Files
import Foundation
import Images
import InputErrors
import Plotting
import RingkeyKit
import TensorFiles

/// `ringkey invert`.
struct InvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invert",
        abstract: "Invert an image to its latent or to its noise.",
        discussion: """
            Writes a float32 array [1, C, h, w]. An .npy input is taken as a clean latent and skips the autoencoder. \
            Pixels are taken as they are stored: an EXIF orientation is not applied.

            Examples:
              ringkey invert photo.png -o recovered.npy
              ringkey invert photo.png --stage latent -o z_0.npy
              ringkey invert one.png --stage latent --decoder-inversion anderson:10 --compare one.z_0.npy --json
              ringkey invert one.png --stage latent --decoder-inversion adam:100 --plot adam.png --trace adam.csv
              ringkey invert one.z_0.npy --steps 50 --compare one.z_T.npy --json
              ringkey invert one.z_0.npy --solver dpm++2m --inverse exact --prompt "sea at night" --guidance 3 \
            --steps 25 --compare one.z_T.npy
            """)

    enum Stage: String, ExpressibleByArgument, CaseIterable {
        case latent, noise
    }

    @Argument(
        help: ArgumentHelp("An image, - for one on standard input, or a latent in an .npy file.", valueName: "file"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file.npy"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Where to stop: latent or noise.", valueName: "stage"))
    var stage = Stage.noise

    @Option(
        name: .long, help: ArgumentHelp("True latent or noise; prints the error in dB.", valueName: "file.npy"))
    var compare: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "True clean latent, with --stage noise; prints the errors of encoder and decoder inversion too.",
            valueName: "file.npy"))
    var compareLatent: String?

    @Option(
        name: .long, help: ArgumentHelp("Write every evaluation of decoder inversion as CSV.", valueName: "file.csv"))
    var trace: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Plot every evaluation of decoder inversion as .svg or .png.", valueName: "file"))
    var plot: PlotPath?

    @Option(name: .long, help: ArgumentHelp("Refuse images with more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var inversion: InversionArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if output == nil, compare == nil, trace == nil, plot == nil {
            throw ValidationError("-o, --compare, --trace or --plot is required")
        }
        if let plot { try plot.validate() }
        if plot != nil || trace != nil, input.hasSuffix(".npy") {
            throw ValidationError("--trace and --plot record decoder inversion, which an .npy input skips")
        }
        if stage == .latent, compareLatent != nil {
            throw ValidationError("--compare-latent needs --stage noise; with --stage latent use --compare")
        }
    }

    func run() throws {
        try OutputPaths.requireApart(
            [output, trace, plot?.path].compactMap(\.self), from: [input, compare, compareLatent].compactMap(\.self))
        for path in [output, trace].compactMap(\.self) {
            try AtomicFile.requireWritable(path, overwrite: overwrite.force)
        }
        let picture = try plot?.open(overwrite: overwrite.force)
        var route = try inversion.route()
        if stage == .latent { route.steps = 0 }
        let isLatent = input.hasSuffix(".npy")
        let run = try LatentInversion(
            model.open(), route, inversion.request([route]), takesImages: !isLatent, limitMegapixels: maxMegapixels)
        let outcome = try run.invert(
            isLatent ? .latent(input) : .image(input), truth: compare, trueLatent: compareLatent)
        if let trace { try write(outcome.trace, to: trace) }
        if let picture { try draw(outcome.trace, route, to: picture) }
        if let output { try outcome.result.npy.write(to: output, overwrite: overwrite.force) }
        try write(outcome.report)
    }

    private func write(_ rows: [InversionTrace.Row], to path: String) throws {
        let lines = rows.map { row in
            "\(row.evaluation),\(row.residual),\(row.nmseDecibels.map { "\($0)" } ?? ""),\(row.seconds)\n"
        }
        let table = "evaluation,residual,nmse_db,seconds\n" + lines.joined()
        try AtomicFile.write(Data(table.utf8), to: path, overwrite: overwrite.force)
    }

    private func draw(_ rows: [InversionTrace.Row], _ route: Route, to file: PictureFile) throws {
        let picture = TracePicture(
            title: ("\(route.decoderInversion)", NamedImage.shown(input)),
            points: rows.map {
                .init(evaluation: $0.evaluation, residual: $0.residual, nmseDecibels: $0.nmseDecibels)
            })
        try file.write(picture.document(), pixelWidth: TracePicture.pixelWidth)
    }

    private func write(_ report: InversionReport) throws {
        if printing.json { return try JSONLine.write(Line(report, input: input, output: output, stage: stage)) }
        var parts = ["\(NamedImage.shown(input)) -> \(output.map(Printable.name) ?? stage.rawValue)"]
        if let residual = report.residual {
            parts.append(String(format: "%d evaluations, residual %.4f", report.evaluations, residual))
        }
        if let error = report.encoderNMSEDb { parts.append(String(format: "encoder NMSE %.2f dB", error)) }
        if let error = report.latentNMSEDb { parts.append(String(format: "latent NMSE %.2f dB", error)) }
        if report.steps > 0, let solver = report.solver, let inverse = report.inverse {
            parts.append("\(Format.steps(report.steps)) of \(inverse) \(solver) inversion")
        }
        if report.fellBack == true { parts.append("did not converge, naive inversion used instead") }
        if let error = report.nmseDb { parts.append(String(format: "NMSE %.2f dB", error)) }
        if let orientation = report.orientation { parts.append("orientation \(orientation) not applied") }
        parts.append("\(Format.seconds(report.seconds)) s")
        try StandardOutput.write(lines: parts.joined(separator: "  "))
    }
}
