import RingKeys
import Tensors

extension Verdict {
    /// A calibration by its digest.
    public struct CalibrationIdentity: Codable, Sendable, Equatable {
        /// SHA-256 over what it is, hexadecimal.
        public var digest: String
        /// How many images it was learnt from.
        public var images: Int

        /// A calibration's digest and size.
        public init(digest: String, images: Int) {
            self.digest = digest
            self.images = images
        }
    }
}

extension NoiseRecovery.Settings {
    /// The name by which a calibration knows the way back of one look: `none/0`, `anderson:4/10/ddim/naive`.
    public func way(_ look: Look) -> String {
        look.steps == 0 ? "\(look)" : "\(look)/\(solver)/\(inverse.rawValue)"
    }
}

extension Verifier {
    static func requireFit(_ calibration: Calibration?, _ recovery: NoiseRecovery) throws {
        guard let shape = calibration?.latentShape, shape != recovery.autoencoder.latentShape else { return }
        throw InputError(
            "calibration", expected: "one for latents of \(recovery.autoencoder.latentShape), as the model has",
            found: "\(shape)")
    }

    /// - Throws: `InputError` where the calibration was learnt with another model.
    func requireCalibration(of model: Verdict.ModelIdentity) throws {
        guard let calibration, calibration.modelDigest != model.digest else { return }
        throw InputError(
            "calibration",
            expected: "one of the model \(model.name) \(model.digest.prefix(12)) (--calibration none goes without)",
            found: "one of a model \(calibration.modelDigest.prefix(12))")
    }

    /// What one look at one image is filtered with; nil where the calibration does not know this way back to noise.
    func null(_ look: Look, _ subject: Subject) -> NullModel? {
        guard let calibration else { return nil }
        let prompt = subject.prompt ?? recovery.settings.prompt
        let isSameWay = prompt == calibration.prompt && recovery.settings.guidance == calibration.guidance
        return isSameWay || look.steps == 0 ? calibration.nulls[recovery.settings.way(look)] : nil
    }

    /// What the verdict says of the calibration; a finding where there is one that was of no use.
    func calibrationIdentity(
        _ look: Look, _ subject: Subject, _ findings: inout [Verdict.Finding]
    ) -> Verdict.CalibrationIdentity? {
        guard let calibration, let digest = calibrationDigest else { return nil }
        if null(look, subject) == nil {
            let known = calibration.nulls.keys.sorted().joined(separator: ", ")
            findings.append(
                .init(
                    code: .calibrationNotUsed,
                    message: """
                        the calibration knows \(known) with prompt "\(calibration.prompt)" and guidance \
                        \(calibration.guidance); this verdict rests on another way back to noise
                        """))
            return nil
        }
        return .init(digest: digest, images: calibration.images)
    }
}
