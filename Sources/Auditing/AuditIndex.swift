import CSodium
import Foundation
import Synchronization
import Tensors

/// Which files have a line in the results already, and what it says. A file takes about 150 bytes: its name is kept as a
/// hash of 128 bits.
public final class AuditIndex: Sendable {
    /// What the results say of a file.
    struct Entry: Sendable, Equatable {
        var end: AuditTally.End
        var stamp: FileStamp?
        /// Of a judged file, where contents are to be compared.
        var sha256: String?
    }

    /// An entry in 24 bytes.
    private struct Packed {
        var size: Int64 = 0
        var modified: Int64 = 0
        /// The place in `AuditTally.End.allCases`; nil where there is no line yet.
        var end: UInt8?
        var hasStamp = false
        var isClaimed = false
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
        var entries: [Name: Packed] = [:]
        var hashes: [Name: String] = [:]
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
    public var count: Int { state.withLock { $0.entries.values.count { $0.end != nil } } }

    /// Takes in a line; the last one of a file is the one that holds.
    public func add(_ record: AuditRecord) {
        var sha256: String?
        if case .verdict(let verdict) = record.outcome { sha256 = verdict.sha256 }
        add(record.name, Entry(end: .init(record.outcome), stamp: record.stamp, sha256: sha256))
    }

    func add(_ path: RawPath, _ entry: Entry) {
        let name = Name(path)
        let end = UInt8(AuditTally.End.allCases.firstIndex(of: entry.end) ?? 0)
        state.withLock { state in
            let before = state.entries[name, default: Packed()]
            state.entries[name] = Packed(
                size: Int64(entry.stamp?.size ?? 0), modified: Int64(entry.stamp?.modified ?? 0), end: end,
                hasStamp: entry.stamp != nil, isClaimed: before.isClaimed)
            if keepsHashes { state.hashes[name] = entry.sha256 }
            state.tally.add(entry.end, replacing: before.end.map { AuditTally.End.allCases[Int($0)] })
        }
    }

    func entry(_ path: RawPath) -> Entry? {
        let name = Name(path)
        return state.withLock { state in
            guard let packed = state.entries[name], let end = packed.end else { return nil }
            let stamp = FileStamp(size: Int(packed.size), modified: Int(packed.modified))
            return Entry(
                end: AuditTally.End.allCases[Int(end)], stamp: packed.hasStamp ? stamp : nil, sha256: state.hashes[name]
            )
        }
    }

    /// Whether this run meets the file for the first time.
    func claim(_ path: RawPath) -> Bool {
        let name = Name(path)
        return state.withLock { state in
            let isFirst = state.entries[name]?.isClaimed != true
            state.entries[name, default: Packed()].isClaimed = true
            return isFirst
        }
    }
}
