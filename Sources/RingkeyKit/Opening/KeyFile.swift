import Files
import Foundation
import InputErrors
import KeyDocuments
import KeyRings
import Marks

/// Key files of any scheme.
public enum KeyFile {
    /// Reads a key file.
    /// - Throws: `InputError` naming the file and the member that is wrong, also where a group or the world may write to
    ///   it.
    public static func read(_ path: String) throws -> any MarkKey {
        try key(document: PrivateFile.read(path, limit: KeyDocument.largestFile), named: path)
    }

    /// Reads the content of a key file.
    /// - Parameters:
    ///   - document: the content.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong, also for a scheme that is not registered.
    public static func key(document: Data, named path: String) throws -> any MarkKey {
        // Where they lie: what Foundation searches it may copy, the secret with it.
        let isRing = document.withUnsafeBytes { $0.prefix(1024).contains("\"\(KeyRing.formatName)\"".utf8) }
        guard !isRing else {
            throw InputError(path, expected: "a key file", found: "a key ring", as: .keyDocument)
        }
        let header = try JSONReader.decode(Header.self, from: document, named: path, as: .keyDocument)
        let name = header.scheme ?? "ring"
        guard let scheme = Registry.schemes.first(where: { $0.name == name }) else {
            let known = Registry.schemes.map(\.name).joined(separator: ", ")
            throw InputError("\(path): scheme", expected: "one of \(known)", found: name, as: .keyDocument)
        }
        return try scheme.key(document: document, named: path)
    }

    /// Writes a key file that only its owner can read, by way of a temporary name.
    public static func write(_ key: any MarkKey, to path: String, overwrite: Bool) throws {
        try KeyDocument.write(key.data(), to: path, overwrite: overwrite)
    }

    private struct Header: Decodable {
        let scheme: String?
    }
}
