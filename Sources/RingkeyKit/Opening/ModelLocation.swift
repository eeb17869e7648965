import Foundation
import InputErrors

/// Where to find a model when none is named.
public enum ModelLocation {
    /// The environment variable that names a model.
    public static let environmentVariable = "RINGKEY_MODEL"

    /// The model that is named, or else the environment's, or else the sample model.
    /// - Throws: `InputError` if there is none of these.
    public static func path(_ named: String?) throws -> String {
        if let named { return named }
        if let set = ProcessInfo.processInfo.environment[environmentVariable], !set.isEmpty { return set }
        if let sample = sample() { return sample }
        throw InputError(
            "model", expected: "a path, or the sample model samples/grove", found: "neither", as: .noModel)
    }

    /// `samples/grove` in the current folder, in the repository that the binary was built in, or where the samples are
    /// installed beside the binary: `../share/ringkey/samples/grove`.
    private static func sample() -> String? {
        var candidates = ["samples/grove"]
        if let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            var folder = executable.deletingLastPathComponent()
            candidates.append(
                folder.deletingLastPathComponent().appendingPathComponent("share/ringkey/samples/grove").path)
            for _ in 0..<4 {
                candidates.append(folder.appendingPathComponent("samples/grove").path)
                folder.deleteLastPathComponent()
            }
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0 + "/model_index.json") }
    }
}
