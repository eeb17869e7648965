import Files
import InputErrors

/// The first bytes of a list of files, which tell whether it is one. What is none is refused before any of it is taken for
/// the name of a file, which would be printed: it may be a key.
enum ListBeginning {
    /// - Parameters:
    ///   - bytes: as many as there are at hand, at least the first line.
    ///   - separator: what ends a path.
    /// - Throws: `InputError` for JSON, for binary content, and for paths that end with another separator.
    static func require(_ bytes: some Collection<UInt8>, of name: String, separator: UInt8) throws {
        guard let found = TextBeginning.otherKind(bytes, separator: separator) else { return }
        throw InputError(name, expected: "a list of files", found: found, as: .notAList)
    }
}
