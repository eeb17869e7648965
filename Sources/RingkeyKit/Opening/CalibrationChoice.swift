import Files
import InputErrors
import NullModels
import Verification

/// Which calibration to judge with.
public enum CalibrationChoice: Sendable, Equatable {
    /// None.
    case none
    /// The one that lies in the model's folder, where there is one.
    case besideModel
    /// A file.
    case file(String)

    /// Where the calibration of a model's folder lies.
    public static func pathBeside(_ model: OpenModel) -> String {
        let folder = model.model.path
        return (folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/") + Calibration.fileName
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
