import CSodium
import Foundation
import Synchronization
import Tensors

/// Which files have a line in the results already, and what it says. A file takes about 100 bytes: its name is kept as a
/// hash of 128 bits.
public final class AuditIndex: Sendable {
    /// What the results say of a file.
    struct Entry: Sendable, Equatable {
        var end: AuditTally.End
        var stamp: FileStamp?
        /// Of a judged file, where contents are to be compared.
        var sha256: String?
    }

    private struct Name: Hashable {
        let first: UInt64
        let second: UInt64

        init(_ path: RawPath) {
            var digest = [UInt8](repeating: 0, count: 16)
            _ = crypto_generichash(&digest, digest.count, path.bytes, UInt64(path.bytes.count), nil, 0)
            func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
            (first, second) = (number(digest[..<8]), number(digest[8...]))
        }
    }

    private struct State {
        var entries: [Name: Entry] = [:]
        var claimed: Set<Name> = []
        var tally = AuditTally()
    }

    private let keepsHashes: Bool
    private let state = Mutex(State())

    /// An index of nothing.
    /// - Parameter keepsHashes: whether contents are to be compared.
    public init(keepsHashes: Bool) { self.keepsHashes = keepsHashes }

    /// The ends of all files, each counted once.
    public var tally: AuditTally { state.withLock { $0.tally } }

    /// Files with a line.
    public var count: Int { state.withLock { $0.entries.count } }

    /// Takes in a line; the last one of a file is the one that holds.
    public func add(_ record: AuditRecord) {
        var sha256: String?
        if keepsHashes, case .verdict(let verdict) = record.outcome { sha256 = verdict.sha256 }
        let entry = Entry(end: .init(record.outcome), stamp: record.stamp, sha256: sha256)
        let name = Name(record.name)
        state.withLock { state in
            let replaced = state.entries.updateValue(entry, forKey: name)
            state.tally.add(entry.end, replacing: replaced?.end)
        }
    }

    func entry(_ path: RawPath) -> Entry? {
        let name = Name(path)
        return state.withLock { $0.entries[name] }
    }

    /// Whether this run meets the file for the first time.
    func claim(_ path: RawPath) -> Bool {
        let name = Name(path)
        return state.withLock { $0.claimed.insert(name).inserted }
    }
}
