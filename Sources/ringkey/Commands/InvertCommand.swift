import ArgumentParser
import DecoderInversion
import Foundation
import Images
import Plotting
import Tensors
import Verification

/// `ringkey invert`.
struct InvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invert",
        abstract: "Take an image back to its latent or to its noise.",
        discussion: """
            Writes a float32 array [1, C, h, w]. An .npy file as input is a clean latent: the autoencoder is skipped.

            Examples:
              ringkey invert photo.png -o z_T.npy
              ringkey invert photo.png --stage latent -o z_0.npy
              ringkey invert one.png --stage latent --decoder-inversion anderson:10 --compare one.z_0.npy --json
              ringkey invert one.png --stage latent --decoder-inversion adam:100 --plot adam.png --trace adam.csv
              ringkey invert one.z_0.npy --steps 50 --compare one.z_T.npy --json
              ringkey invert one.z_0.npy --solver dpm++2m --inverse exact --prompt "sea at night" --guidance 3 \
            --steps 25 --compare one.z_T.npy
            """)

    /// Points kept for the cocoercivity along the path: the paper's longest run.
    private static let longestPath = 200

    enum Stage: String, ExpressibleByArgument, CaseIterable {
        case latent, noise
    }

    @Argument(help: ArgumentHelp("An image, or a latent in an .npy file.", valueName: "file"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file.npy"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Where to stop: latent or noise.", valueName: "stage"))
    var stage = Stage.noise

    @Option(
        name: .long, help: ArgumentHelp("The true latent or noise, to print the error in dB.", valueName: "file.npy"))
    var compare: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --stage noise, the true clean latent: also print the errors of encoder and decoder inversion.",
            valueName: "file.npy"))
    var compareLatent: String?

    @Option(
        name: .long, help: ArgumentHelp("Write every evaluation of decoder inversion as CSV.", valueName: "file.csv"))
    var trace: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Draw every evaluation of decoder inversion as .svg or .png.", valueName: "file"))
    var plot: String?

    @Option(name: .long, help: ArgumentHelp("Refuse images of more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var inversion: InversionArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if output == nil, compare == nil, trace == nil, plot == nil {
            throw ValidationError("-o, --compare, --trace or --plot is needed: what is the result for?")
        }
        if let plot { try PictureFile.validate(plot) }
        if plot != nil || trace != nil, input.hasSuffix(".npy") {
            throw ValidationError("--trace and --plot follow decoder inversion, which a latent does not go through")
        }
        if stage == .latent, compareLatent != nil {
            throw ValidationError("--compare-latent goes with --stage noise; for --stage latent it is --compare")
        }
    }

    private struct Report: Encodable {
        var input: String
        var output: String?
        var stage: String
        var evaluations = 0
        var residual: Double?
        var encoderResidual: Double?
        var minimumCocoercivity: Double?
        var ending: String?
        var solver: String?
        var inverse: String?
        var steps = 0
        var modelCalls: Int?
        var stepResidual: Double?
        var fellBack: Bool?
        var encoderNMSEDb: Double?
        var latentNMSEDb: Double?
        var nmseDb: Double?
        var seconds = 0.0

        enum CodingKeys: String, CodingKey {
            case input, output, stage, evaluations, residual
            case encoderResidual = "encoder_residual"
            case minimumCocoercivity = "min_cocoercivity"
            case ending, solver, inverse, steps
            case modelCalls = "model_calls"
            case stepResidual = "step_residual"
            case fellBack = "fell_back"
            case encoderNMSEDb = "encoder_nmse_db"
            case latentNMSEDb = "latent_nmse_db"
            case nmseDb = "nmse_db"
            case seconds
        }
    }

    func run() throws {
        for path in [output, trace].compactMap(\.self) {
            try AtomicFile.requireWritable(path, overwrite: overwrite.force)
        }
        let picture = try plot.map { try PictureFile($0, overwrite: overwrite.force) }
        let model = try self.model.open()
        var look = try inversion.look()
        if stage == .latent { look.steps = 0 }
        let isLatent = input.hasSuffix(".npy")
        let chain = try model.recovery(needsImages: !isLatent) { try inversion.settings([look], $0.schedule) }
        let shape = model.latentShape.tensorShape()
        let truth = try compare.map { try Self.latent($0, shape: shape) }
        let trueLatent = try compareLatent.map { try Self.latent($0, shape: shape) }
        var report = Report(input: input, output: output, stage: stage.rawValue, steps: look.steps)
        var trace = InversionTrace(truth: stage == .latent ? truth : trueLatent, longestPath: Self.longestPath)
        let start = ContinuousClock.now
        func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }

        let inverted: NoiseRecovery.Inverted
        if isLatent {
            inverted = try chain.invert(Self.latent(input, shape: shape), steps: look.steps, prompts: [nil])
        } else {
            let subject = try Subject(
                path: input, imageSize: model.imageSize, limitMegapixels: maxMegapixels)
            var batch = try RecoveryBatch(subject.pixels, prompts: [nil], recovery: chain)
            let recovered = try batch.recover([0], by: look) { trace.record($0) }
            inverted = recovered.inverted
            report.encoderNMSEDb = trueLatent.map { batch.encoded.normalisedErrorDecibels(to: $0) }
            report.latentNMSEDb = trueLatent.map { recovered.latents.normalisedErrorDecibels(to: $0) }
            let outcome = recovered.outcomes[0]
            report.evaluations = outcome.evaluations
            report.residual = outcome.residual
            report.encoderResidual = outcome.encoderResidual
            report.minimumCocoercivity = trace.minimumCocoercivity(of: 0)
            report.ending = look.decoderInversion.kind == .none ? nil : outcome.ending.rawValue
        }
        let result = inverted.noise
        if look.steps > 0 {
            report.solver = chain.settings.solver.description
            report.inverse = chain.settings.inverse.rawValue
            let outcome = inverted.outcomes?.first
            report.modelCalls = outcome?.modelCalls ?? look.steps
            report.stepResidual = outcome.flatMap { $0.residual.isFinite ? $0.residual : nil }
            report.fellBack = outcome?.fellBack
        }
        report.seconds = seconds()
        report.nmseDb = truth.map { result.normalisedErrorDecibels(to: $0) }
        if let path = self.trace {
            let lines = trace.rows.map { row in
                "\(row.evaluation),\(row.residual),\(row.nmseDecibels.map { "\($0)" } ?? ""),\(row.seconds)\n"
            }
            let table = "evaluation,residual,nmse_db,seconds\n" + lines.joined()
            try AtomicFile.write(Data(table.utf8), to: path, overwrite: overwrite.force)
        }
        if let picture {
            let course = TracePicture(
                title: ("\(look.decoderInversion)", input),
                points: trace.rows.map {
                    .init(evaluation: $0.evaluation, residual: $0.residual, nmseDecibels: $0.nmseDecibels)
                })
            try picture.write(course.document(), pixelWidth: TracePicture.pixelWidth)
        }
        if let output { try result.npy.write(to: output, overwrite: overwrite.force) }
        try print(report)
    }

    private func print(_ report: Report) throws {
        if printing.json { return try JSONLine.print(report) }
        var parts = ["\(report.input) -> \(report.output ?? stage.rawValue)"]
        if let residual = report.residual {
            parts.append(String(format: "%d evaluations, residual %.4f", report.evaluations, residual))
        }
        if let error = report.encoderNMSEDb { parts.append(String(format: "encoder NMSE %.2f dB", error)) }
        if let error = report.latentNMSEDb { parts.append(String(format: "latent NMSE %.2f dB", error)) }
        if report.steps > 0, let solver = report.solver, let inverse = report.inverse {
            parts.append("\(Format.steps(report.steps)) of \(inverse) \(solver) inversion")
        }
        if report.fellBack == true { parts.append("not converged, so naive") }
        if let error = report.nmseDb { parts.append(String(format: "NMSE %.2f dB", error)) }
        parts.append("\(Format.seconds(report.seconds)) s")
        Swift.print(parts.joined(separator: "  "))
    }

    private static func latent(_ path: String, shape: [Int]) throws -> Tensor {
        let tensor = try Tensor(npy: path)
        let withBatch = tensor.shape.count == 3 ? [1] + tensor.shape : tensor.shape
        guard withBatch == shape else {
            throw InputError(path, expected: "a latent of shape \(shape), as the model has", found: "\(tensor.shape)")
        }
        return tensor.reshaped(shape)
    }
}
