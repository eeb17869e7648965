import Cryptography
import Files
import Foundation
import Synchronization
import Verdicts

/// Which files have a line in the results already, and what it says. A file takes about 150 bytes: its name is kept as a
/// hash of 128 bits.
public final class AuditIndex: Sendable {
    /// What the results say of a file.
    struct Entry: Sendable, Equatable {
        var end: AuditTally.End
        var stamp: FileStamp?
        /// Of a judged file, where contents are to be compared.
        var digest: FileDigest?
    }

    /// An entry in 24 bytes.
    private struct Packed {
        var size: Int64 = 0
        var modified: Int64 = 0
        /// Nil where there is no line yet.
        var end: AuditTally.End?
        var hasStamp = false
        var isClaimed = false
    }

    private struct Name: Hashable {
        let first: UInt64
        let second: UInt64

        init(_ path: RawPath) {
            let digest = BLAKE2b.hash(path.bytes, count: 16)
            func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
            (first, second) = (number(digest[..<8]), number(digest[8...]))
        }
    }

    private struct State {
        var entries: [Name: Packed] = [:]
        var digests: [Name: FileDigest] = [:]
        var tally = AuditTally()
    }

    private let keepsDigests: Bool
    private let state = Mutex(State())

    /// An index of nothing.
    /// - Parameter keepsDigests: whether contents are to be compared.
    public init(keepsDigests: Bool) { self.keepsDigests = keepsDigests }

    /// The ends of all files, each counted once.
    public var tally: AuditTally { state.withLock { $0.tally } }

    /// Files with a line.
    public var count: Int { state.withLock { $0.entries.values.count { $0.end != nil } } }

    /// Takes in a line; the last one of a file is the one that holds.
    public func add(_ record: AuditRecord) {
        var digest: FileDigest?
        if case .verdict(let verdict) = record.outcome { digest = FileDigest(hexadecimal: verdict.sha256) }
        add(record.name, Entry(end: .init(record.outcome), stamp: record.stamp, digest: digest))
    }

    func add(_ path: RawPath, _ entry: Entry) {
        let name = Name(path)
        state.withLock { state in
            let before = state.entries[name, default: Packed()]
            var packed = Packed(end: entry.end, isClaimed: before.isClaimed)
            if let stamp = entry.stamp {
                (packed.size, packed.modified, packed.hasStamp) = (Int64(stamp.size), Int64(stamp.modified), true)
            }
            state.entries[name] = packed
            if keepsDigests { state.digests[name] = entry.digest }
            state.tally.add(entry.end, replacing: before.end)
        }
    }

    func entry(_ path: RawPath) -> Entry? {
        let name = Name(path)
        return state.withLock { state in
            guard let packed = state.entries[name], let end = packed.end else { return nil }
            let stamp = FileStamp(size: Int(packed.size), modified: Int(packed.modified))
            return Entry(end: end, stamp: packed.hasStamp ? stamp : nil, digest: state.digests[name])
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
