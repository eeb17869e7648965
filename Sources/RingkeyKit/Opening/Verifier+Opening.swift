import Marks
import Verification

extension Verifier {
    /// A verifier for keys on a model, as `ringkey verify` has it. The model's files are hashed beside other work.
    /// - Throws: `InputError` for a key or a calibration that does not fit the model, a part that the model does not have,
    ///   or settings that it cannot follow.
    public init(
        _ model: OpenModel, keys: [any MarkKey], detection: DetectionRequest = DetectionRequest(),
        recovery request: RecoveryRequest = RecoveryRequest()
    ) throws {
        model.beginHashing()
        let recovery = try request.recovery(model.model)
        let keys = try KeySet(keys, for: model.model.latentShape, searching: request.search)
        try self.init(
            recovery: recovery, plan: request.plan(for: keys), keys: keys,
            settings: .init(
                falsePositiveRate: detection.falsePositiveRate, twoSided: detection.twoSided, decoys: detection.decoys,
                makesAllAttempts: request.takesAllRoutes,
                earlyAbsence: request.isThorough ? nil : EarlyAbsence()),
            tool: ToolVersion.name, calibration: detection.calibration.load(model, recovery),
            model: { try model.identity() })
    }
}
