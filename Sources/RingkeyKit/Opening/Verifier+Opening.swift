import InputErrors
import Marks
import Models
import Verification

extension Verifier {
    /// A verifier for keys on a model, as `ringkey verify` has it, at the size of the keys' latents. The model's files are
    /// hashed beside other work.
    /// - Parameters:
    ///   - model: that made the images.
    ///   - keys: what is looked for.
    ///   - banks: more of it; at least one key or bank.
    ///   - detection: how evidence becomes a verdict.
    ///   - request: how images are taken back.
    ///   - startingNoises: files of noise that images may have started from.
    ///   - loadsAhead: whether the model's parts are loaded at once, or each when an image first needs it.
    /// - Throws: `InputError` for a key or a calibration that does not fit the model, a part that the model does not have,
    ///   or settings that it cannot follow.
    public init(
        _ model: OpenModel, keys: [any MarkKey], banks: [any KeyBank] = [],
        detection: DetectionRequest = DetectionRequest(),
        recovery request: RecoveryRequest = RecoveryRequest(), startingNoises: [String] = [], loadsAhead: Bool = true
    ) throws {
        let model = try model.sized(for: keys, banks: banks)
        model.beginHashing()
        request.autoencoder?.beginHashing()
        let recovery = try request.recovery(model.model, loadsAhead: loadsAhead)
        let keys = try KeySet(keys, banks: banks, for: model.model.latentShape, searching: request.search)
        let noises = try startingNoises.map {
            StartingNoise(name: $0, noise: try LatentFile.read($0, shape: model.model.latentShape))
        }
        if let noise = noises.first, !keys.leavesFree(noise.noise) {
            throw InputError(
                noise.name, expected: "a key that leaves some of the noise free",
                found: "\(keys.identity(of: 0).pattern), which uses all of it", as: .keyMismatch)
        }
        try self.init(
            recovery: recovery, plan: request.plan(for: keys, recovery), keys: keys,
            settings: .init(
                falsePositiveRate: detection.falsePositiveRate, twoSided: detection.twoSided, decoys: detection.decoys,
                makesAllAttempts: request.takesAllRoutes,
                earlyAbsence: request.isThorough ? nil : EarlyAbsence(), startingNoises: noises),
            tool: ToolVersion.name, calibration: detection.calibration.load(model, recovery),
            model: {
                let own = try model.identity()
                return ModelIdentity(
                    name: own.name, path: own.path, digest: own.digest, precision: own.precision,
                    autoencoder: try request.autoencoder?.identity())
            })
    }
}
