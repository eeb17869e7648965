import Files
import InputErrors
import NullModels
import Verification

/// Which calibration to judge with.
public enum CalibrationChoice: Sendable, Equatable {
    /// None.
    case none
    /// The one that lies in the model's folder, or beside the model's file, where there is one for the size of its latents.
    case besideModel
    /// A file.
    case file(String)

    /// Where a model's calibration lies: in its folder, or beside its file `NAME.safetensors` as
    /// `NAME.calibration.safetensors`.
    public static func pathBeside(_ model: OpenModel) -> String {
        let path = model.model.path
        guard !RawPath(path).isFolder else { return (path.hasSuffix("/") ? path : path + "/") + Calibration.fileName }
        let ending = ".safetensors"
        return (path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path) + "." + Calibration.fileName
    }

    /// Reads the calibration.
    /// - Throws: `InputError` where it belongs to another model, or where a file that was named knows none of the
    ///   recovery's routes.
    func load(_ model: OpenModel, _ recovery: NoiseRecovery) throws -> Calibration? {
        let path: String
        switch self {
        case .none: return nil
        case .besideModel:
            path = Self.pathBeside(model)
            guard RawPath(path).status != nil else { return nil }
        case .file(let named): path = named
        }
        let calibration = try Calibration(contentsOf: path)
        if self == .besideModel, calibration.latentShape != recovery.latentShape { return nil }
        try calibration.requireModel(model.identity(), subject: path)
        if case .file = self {
            let names = recovery.settings.routes.map(recovery.name)
            guard names.contains(where: { calibration.nulls[$0] != nil }) else {
                throw InputError(
                    path, expected: "a calibration for \(names.joined(separator: " or "))",
                    found: "one for \(calibration.nulls.keys.sorted().joined(separator: ", "))",
                    as: .calibrationMismatch)
            }
        }
        return calibration
    }
}
