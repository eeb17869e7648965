import Foundation
import InputErrors

/// Image files by their names' endings.
public enum ImageFolder {
    private static let endings = [".png", ".jpg", ".jpeg", ".webp"]

    /// The PNG, JPEG and WebP files of a folder, sorted.
    /// - Throws: `InputError` for a folder that cannot be read or has none.
    public static func images(in folder: String) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw InputError(
                folder, expected: "a folder of images", found: "none that can be read", as: .notReadable)
        }
        let images = names.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }.sorted()
        guard !images.isEmpty else {
            throw InputError(folder, expected: "a folder of images", found: "no PNG, JPEG or WebP files", as: .tooFew)
        }
        let plain = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        return images.map { "\(plain)/\($0)" }
    }

    /// A file as it is; of a folder its images.
    public static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        return try images(in: path)
    }
}
