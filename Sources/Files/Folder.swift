import Foundation
import InputErrors

/// Folders that are written to.
public enum Folder {
    /// Makes a folder and those above it, unless it is there.
    public static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw InputError(
                path, expected: "a folder, or a place to create one", found: "neither", as: .notWritable)
        }
    }
}
