import Foundation

/// A folder that lives as long as a test.
package final class TemporaryFolder: Sendable {
    /// The folder.
    package let url: URL

    /// Makes the folder.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("ringkey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file in the folder.
    package func path(_ name: String) -> String { url.path + "/" + name }

    /// Writes a file into the folder and returns its path.
    @discardableResult
    package func write(_ name: String, _ data: Data) throws -> String {
        try data.write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// Names of all files, hidden ones too, sorted.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }

    /// What a file in the folder holds.
    package func content(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}
