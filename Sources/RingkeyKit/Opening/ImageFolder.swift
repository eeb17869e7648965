import Files
import InputErrors

/// Image files by their names' endings.
public enum ImageFolder {
    private static let endings = [".png", ".jpg", ".jpeg", ".webp"]

    /// The PNG, JPEG and WebP files of a folder, sorted.
    /// - Throws: `InputError` for a folder that cannot be read or has none.
    public static func images(in folder: String) throws -> [String] {
        let images = try Folder.names(in: folder).map(\.text).filter { name in
            endings.contains { name.lowercased().hasSuffix($0) }
        }
        guard !images.isEmpty else {
            throw InputError(folder, expected: "a folder of images", found: "no PNG, JPEG or WebP files", as: .tooFew)
        }
        let plain = folder.utf8.count > 1 && folder.utf8.last == UInt8(ascii: "/") ? String(folder.dropLast()) : folder
        return images.map { "\(plain)/\($0)" }
    }

    /// A file as it is; of a folder its images.
    public static func files(_ path: String) throws -> [String] {
        RawPath(path).isFolder ? try images(in: path) : [path]
    }
}
