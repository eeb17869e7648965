import Files
import Images
import InputErrors

/// Image files by their names' endings.
public enum ImageFolder {
    /// The files of a folder whose names end as those of images do, sorted.
    /// - Throws: `InputError` for a folder that cannot be read or has none.
    public static func images(in folder: String) throws -> [String] {
        let images = try Folder.names(in: folder).filter(ImageDecoder.isNamedAsImage).map(\.text)
        guard !images.isEmpty else {
            throw InputError(folder, expected: "a folder of images", found: "no files named like images", as: .tooFew)
        }
        let plain = folder.utf8.count > 1 && folder.utf8.last == UInt8(ascii: "/") ? String(folder.dropLast()) : folder
        return images.map { "\(plain)/\($0)" }
    }

    /// A file as it is; of a folder its images.
    public static func files(_ path: String) throws -> [String] {
        RawPath(path).isFolder ? try images(in: path) : [path]
    }
}
