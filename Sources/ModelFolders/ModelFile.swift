import Files
import Foundation
import InputErrors

/// Files of a model folder, refused with their path and what is there instead.
package enum ModelFile {
    /// The size in bytes of a regular file that is not empty, behind links.
    package static func requiredSize(_ url: URL) throws -> Int {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw InputError(url.path, expected: "a file", found: "nothing", as: .notAModel)
        }
        guard !isDirectory.boolValue else {
            throw InputError(url.path, expected: "a file", found: "a folder", as: .notAModel)
        }
        let path = url.resolvingSymlinksInPath().path
        let size = try (FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
        guard let size, size > 0 else {
            throw InputError(url.path, expected: "a file with content", found: "0 bytes", as: .empty)
        }
        return size
    }

    /// The content of a small file.
    package static func read(_ url: URL, limit: Int = 64 << 20) throws -> Data {
        let size = try requiredSize(url)
        guard size <= limit else {
            throw InputError(url.path, expected: "at most \(limit) bytes", found: "\(size) bytes", as: .tooLarge)
        }
        do { return try Data(contentsOf: url) } catch {
            throw InputError(
                url.path, expected: "a readable file", found: "\(error.localizedDescription)", as: .notReadable)
        }
    }

    /// A JSON file, as Python writes it, as the type that describes it.
    package static func decode<Value: Decodable>(_ type: Value.Type, _ url: URL) throws -> Value {
        try JSONReader.decode(type, from: read(url), named: url.path, dialect: .python, as: .modelConfiguration)
    }
}
