import Files
import Foundation
import InputErrors

/// Models as the cache of the Hugging Face hub keeps them: `models--OWNER--NAME` with the folders `snapshots/REVISION` and
/// the files `refs/BRANCH`, which hold a revision.
public enum HubCache {
    /// What people call the model at a path: `OWNER/NAME` of a snapshot in the cache, else the last component.
    package static func name(of path: String) -> String {
        let parts = RawPath(path).text.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[parts.count - 2] == "snapshots", parts[parts.count - 3].hasPrefix(prefix) else {
            return parts.last ?? path
        }
        return parts[parts.count - 3].dropFirst(prefix.count).replacingOccurrences(of: "--", with: "/")
    }

    private static let prefix = "models--"

    /// The folder of a model: a snapshot where the path is a model's folder in the cache, else the path itself. Of several
    /// snapshots it is the one that `refs/main` names.
    /// - Throws: `InputError` where that is none of them.
    public static func folder(of path: String) throws -> String {
        let snapshots = path + "/snapshots"
        guard RawPath(snapshots).isFolder, RawPath(path + "/model_index.json").status == nil else { return path }
        let names = try Folder.names(in: snapshots).filter { RawPath("\(snapshots)/\($0.text)").isFolder }.map(\.text)
        if names.count == 1 { return "\(snapshots)/\(names[0])" }
        let reference = try? InputFile.read(path + "/refs/main", limit: 1 << 10)
        let main = reference.map { String(decoding: $0.prefix { $0 > 0x20 }, as: UTF8.self) }
        guard let main, names.contains(main) else {
            throw InputError(
                path, expected: "a folder of a hub's cache whose refs/main names one of its snapshots",
                found: names.isEmpty ? "no snapshots" : "snapshots \(names.prefix(4).joined(separator: ", "))",
                as: .notAModel)
        }
        return "\(snapshots)/\(main)"
    }
}
