import Foundation

/// Files under `Tests/Fixtures`, found beside the sources.
public enum Fixtures {
    /// The root of the repository.
    public static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// `Tests/Fixtures/<path>`.
    public static func url(_ path: String) -> URL {
        repository.appendingPathComponent("Tests/Fixtures").appendingPathComponent(path)
    }
}
