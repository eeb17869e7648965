import Attempts
import InputErrors
import Marks
import Models
import NullModels
import Tensors
import Verdicts

/// A calibration held against a recovery: which routes it knows, and what their noise is filtered with.
struct CalibratedPlan: Sendable {
    private let calibration: Calibration?
    private let digest: String?
    private let recovery: NoiseRecovery

    /// - Throws: `InputError` for a calibration of another latent shape than the model's.
    init(_ calibration: Calibration?, recovery: NoiseRecovery) throws {
        if let shape = calibration?.latentShape, shape != recovery.latentShape {
            throw InputError(
                "calibration", expected: "one for the model's latents, \(recovery.latentShape)",
                found: "\(shape)", as: .calibrationMismatch)
        }
        self.calibration = calibration
        digest = calibration?.digest
        self.recovery = recovery
    }

    /// - Throws: `InputError` where the calibration was learnt with another model.
    func requireModel(_ model: ModelIdentity) throws { try calibration?.requireModel(model) }

    /// What the noise of one route is filtered with; nil where the calibration does not know the route.
    /// - Parameter prompt: of the image, where it is known.
    func null(_ route: Route, prompt: String?) -> NullModel? {
        guard let calibration else { return nil }
        let isSameInversion =
            (prompt ?? recovery.settings.prompt) == calibration.prompt
            && recovery.settings.guidance == calibration.guidance
        return isSameInversion || route.steps == 0 ? calibration.nulls[recovery.name(of: route)] : nil
    }

    /// What a verdict says of the calibration; nil where there is none, or none for the route.
    func identity(_ route: Route, prompt: String?) -> CalibrationIdentity? {
        guard let calibration, let digest, null(route, prompt: prompt) != nil else { return nil }
        return .init(digest: digest, images: calibration.images)
    }

    /// A key's match with a conformal p-value, where the key has no exact one and unmarked images were scored for it by this
    /// route; the same match otherwise.
    /// - Parameter noise: as it was recovered, `[1, C, h, w]`.
    func conformal(
        _ match: Match, of keys: KeySet, _ noise: Tensor, _ route: Route, prompt: String?
    ) throws -> Match {
        let (key, reader) = (keys[match.key], keys.reader(of: match.key))
        guard !key.isRandom, null(route, prompt: prompt) != nil,
            let scores = calibration?.scores[recovery.name(of: route)]?[key.identity.id],
            let score = reader.resemblance(noise, reading: try reader.read(noise), of: key)
        else { return match }
        return match.conformal(score: Double(Float(score)), among: scores.map(Double.init))
    }

    /// How well the marks of a key come back by a route: as the calibration measured it, or else as is assumed.
    func signalToNoise(_ key: Int, of keys: KeySet, _ route: Route, prompt: String?) -> Decision.SignalToNoise {
        let measured = null(route, prompt: prompt).flatMap { _ in
            calibration?.recovery(route: recovery.name(of: route), family: "\(keys[key].family)")
        }
        let assumed = keys.reader(of: key).assumedSignalToNoise(diffusionSteps: route.steps)
        return .init(ratio: measured?.signalToNoise ?? assumed, images: measured?.images)
    }

    /// That there is a calibration that does not cover the route; nil where there is none, or where it was used.
    func finding(_ route: Route, prompt: String?) -> Verdict.Finding? {
        guard let calibration, null(route, prompt: prompt) == nil else { return nil }
        return .calibrationNotUsed(calibration)
    }
}

extension Calibration {
    /// - Throws: `InputError` where the calibration was learnt with another model.
    public func requireModel(_ model: ModelIdentity, subject: String = "calibration") throws {
        guard modelDigest != model.digest else { return }
        throw InputError(
            subject, expected: "a calibration for this model, \(model.digest.prefix(12))",
            found: "one for model \(modelDigest.prefix(12))", as: .calibrationMismatch)
    }
}
