import ArgumentParser
import Foundation
import OnnxModels
import RingKeys
import Tensors
import Verification

/// Which calibration to judge with.
struct CalibrationArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            What the model's unmarked images have in common, made by ringkey calibrate; none to go without. Default: \
            \(Calibration.fileName) in the model folder, where there is one.
            """, valueName: "file"))
    var calibration: String?

    /// The calibration that the flag or the model folder names.
    /// - Throws: `InputError` where it belongs to another model, or knows none of the looks that the flag was given for.
    func load(
        model: ModelFolder, settings: NoiseRecovery.Settings, identity: () throws -> Verdict.ModelIdentity
    ) throws -> Calibration? {
        if calibration == "none" { return nil }
        let beside = model.url.appendingPathComponent(Calibration.fileName).path
        guard calibration != nil || FileManager.default.fileExists(atPath: beside) else { return nil }
        let path = calibration ?? beside
        let loaded = try Calibration(contentsOf: path)
        let digest = try identity().digest
        guard loaded.modelDigest == digest else {
            throw InputError(
                path, expected: "a calibration of this model, \(digest.prefix(12)) (--calibration none goes without)",
                found: "one of a model \(loaded.modelDigest.prefix(12))")
        }
        let ways = settings.looks.map(settings.way)
        let isKnown = ways.contains { loaded.nulls[$0] != nil }
        guard calibration == nil || isKnown else {
            throw InputError(
                path, expected: "one of the looks \(ways.joined(separator: ","))",
                found: loaded.nulls.keys.sorted().joined(separator: ","))
        }
        return loaded
    }
}
