import Attempts
import DecoderInversion
import Images
import Tensors
import Verification

/// Takes one image, or one clean latent, back to a latent or to noise, and measures the errors where the truth is known.
public struct LatentInversion {
    /// What to take back.
    public enum Source: Sendable {
        /// An image, as `NamedImage` has it, whose pixels are taken as they are stored.
        case image(String)
        /// A clean latent in an .npy file: the autoencoder is skipped.
        case latent(String)
    }

    /// What came of it. Errors are in dB, 10·log₁₀(‖z - z*‖² / ‖z*‖²).
    public struct Outcome: Sendable {
        /// The latent or noise, `[1, C, h, w]`.
        public let result: Tensor
        /// What was done.
        public let report: InversionReport
        /// Every evaluation of decoder inversion.
        public let trace: [InversionTrace.Row]
    }

    /// Points kept for the cocoercivity along the path: the paper's longest run.
    private static let longestPath = 200

    private let recovery: NoiseRecovery
    private let route: Route
    private let limitMegapixels: Double
    private let takesImages: Bool

    /// - Parameters:
    ///   - model: to invert with.
    ///   - route: with no steps to stop at the latent.
    ///   - request: the solver and what is known of the image; its routes are not looked at.
    ///   - takesImages: whether images are to be taken back, or clean latents alone.
    ///   - limitMegapixels: larger images are refused.
    public init(
        _ model: OpenModel, _ route: Route, _ request: RecoveryRequest, takesImages: Bool, limitMegapixels: Double
    ) throws {
        var request = request
        request.routes = [route]
        self.route = route
        self.limitMegapixels = limitMegapixels
        self.takesImages = takesImages
        recovery = try request.recovery(model.model, takesImages: takesImages)
    }

    /// - Parameters:
    ///   - source: an image or a clean latent.
    ///   - truth: the true latent or noise that the result is held against.
    ///   - trueLatent: the true clean latent, where the result is noise.
    /// - Throws: `InputError` for files that cannot be read or latents of another shape than the model's.
    public func invert(_ source: Source, truth: String?, trueLatent: String?) throws -> Outcome {
        let truth = try truth.map(latent)
        let trueLatent = try trueLatent.map(latent)
        var trace = InversionTrace(truth: route.steps == 0 ? truth : trueLatent, longestPath: Self.longestPath)
        var report = InversionReport(steps: route.steps)
        let start = ContinuousClock.now
        let result: Tensor
        switch source {
        case .latent(let path):
            let inverted = try recovery.invert(latent(path), steps: route.steps, prompts: [nil])
            result = inverted.noise
            report.note(recovery, route, inverted.outcomes?.first)
        case .image(let path):
            result = try invert(path, trueLatent, &trace, &report)
        }
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        report.nmseDb = truth.map { result.normalisedErrorDecibels(to: $0) }
        return Outcome(result: result, report: report, trace: trace.rows)
    }

    private func invert(
        _ path: String, _ trueLatent: Tensor?, _ trace: inout InversionTrace, _ report: inout InversionReport
    ) throws -> Tensor {
        let item = try NamedImage(path).item(limitMegapixels: limitMegapixels)
        let subject = Subject(item, size: recovery.imageSize)
        report.orientation = item.orientation == .asStored ? nil : item.orientation.rawValue
        var batch = try RecoveryBatch(subject.frames[0].pixels, prompts: [nil], recovery: recovery, for: route)
        let recovered = try batch.recover([0], by: route) { trace.record($0) }
        report.note(recovered.decoderOutcomes[0], route, minimumCocoercivity: trace.minimumCocoercivity(of: 0))
        report.note(recovery, route, recovered.diffusionOutcomes?.first)
        report.encoderNMSEDb = trueLatent.map { batch.encoded.normalisedErrorDecibels(to: $0) }
        report.latentNMSEDb = trueLatent.map { recovered.latents.normalisedErrorDecibels(to: $0) }
        return recovered.noise
    }

    private func latent(_ path: String) throws -> Tensor {
        try LatentFile.read(path, shape: recovery.latentShape)
    }
}
