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

    /// A JSON file as the type that describes it.
    package static func decode<Value: Decodable>(_ type: Value.Type, _ url: URL) throws -> Value {
        let data = try read(url)
        let decoder = JSONDecoder()
        // Python writes infinities as bare words, as in the schedulers of DPM-Solvers.
        decoder.allowsJSON5 = true
        do { return try decoder.decode(type, from: data) } catch let error as DecodingError {
            throw InputError(url.path, expected: expectation(error), found: finding(error), as: .modelConfiguration)
        }
    }

    private static func expectation(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "a field \(key.stringValue)"
        case .typeMismatch(let type, let context): "\(type) for \(path(context))"
        case .valueNotFound(let type, let context): "\(type) for \(path(context))"
        default: "valid JSON"
        }
    }

    private static func finding(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound: "none"
        case .typeMismatch: "another type"
        case .valueNotFound: "null"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "text that is not JSON"
        case .dataCorrupted(let context): context.debugDescription
        @unknown default: "\(error)"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty ? "the document" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
