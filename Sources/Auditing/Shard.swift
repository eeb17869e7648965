import Cryptography

/// One of N parts of an audit: part I has the files whose name's hash is I - 1 modulo N.
///
/// The hash is the first eight bytes, most significant first, of the SHA-256 of the name's bytes: below the source folder
/// for files found in a folder, so that machines that have it mounted in different places agree; as given for others.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
    /// From 1 to `count`.
    public let index: Int
    /// Of all parts.
    public let count: Int

    /// Part `index` of `count`.
    public init(index: Int, count: Int) {
        precondition(count >= 1 && (1...count).contains(index), "part \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// Reads `I/N`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1, (1...count).contains(index)
        else { return nil }
        self.init(index: index, count: count)
    }

    /// `I/N`.
    public var description: String { "\(index)/\(count)" }

    /// Whether a file belongs to this part.
    /// - Parameter name: below the source folder, or as given.
    public func contains(_ name: [UInt8]) -> Bool {
        let hash = SHA256.hash(name).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return hash % UInt64(count) == UInt64(index - 1)
    }
}
