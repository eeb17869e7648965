import Files
import Foundation
import InputErrors
import Verdicts

/// A file of results that a killed audit can go on with.
///
/// Every line is one `write(2)`, complete or taken back. Lines outlast the process at once, and a power cut after
/// `flushEvery`. The file is locked while it is open.
public final class Journal {
    /// The results: the file as it was named, or where they are since it was deleted or moved.
    public internal(set) var path: String
    /// Whether the file system could lock the file; without locks nobody notices a second audit.
    public let isLocked: Bool
    /// Whether there is something in it already.
    public var isNew: Bool { length == 0 }

    private let flushEvery = Duration.seconds(5)
    let descriptor: Int32
    private(set) var length: Int
    private var lastFlush = ContinuousClock.now

    /// Opens or makes the file.
    /// - Parameters:
    ///   - path: the file of results.
    ///   - resume: whether there may be results in it already.
    /// - Throws: `InputError` for results that exist without `resume`, a file that another audit writes, and one that
    ///   cannot be written.
    public init(_ path: String, resume: Bool) throws {
        let file = try Self.openFile(path)
        self.path = path
        (descriptor, isLocked, length) = file
        guard resume || length == 0 else {
            throw InputError(path, expected: "a new file", found: "results or another file", as: .resumable)
        }
    }

    deinit { close(descriptor) }

    /// Opens and locks the file. This is no part of `init`, where an error closes the file by `deinit` once all properties
    /// have their values, and not before.
    private static func openFile(_ path: String) throws -> (descriptor: Int32, isLocked: Bool, length: Int) {
        try requirePath(path, as: .notWritable)
        let descriptor = RawPath(path).withCString {
            open($0, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        }
        guard descriptor >= 0 else {
            throw InputError(path, expected: "a writable file", found: systemMessage(errno), as: .notWritable)
        }
        do {
            let isLocked = try lock(descriptor, path)
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                throw InputError(path, expected: "a writable file", found: systemMessage(errno), as: .notWritable)
            }
            for stream in [STDOUT_FILENO, STDERR_FILENO] where OpenDescriptor.isOpen(status, as: stream) {
                throw InputError(
                    path, expected: "a file of its own", found: stream == STDOUT_FILENO ? "stdout" : "stderr",
                    as: .sameFile)
            }
            return (descriptor, isLocked, Int(status.st_size))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Whether a path names something other than a file: results go there without a way to resume.
    public static func isStream(_ path: String) -> Bool {
        RawPath(path).status.map { ![S_IFREG, S_IFDIR].contains($0.st_mode & S_IFMT) } ?? false
    }

    /// Begins the results with a header, or goes on with what is there: a torn last line is dropped, the others are taken
    /// into `index`. Where tool or shard are others than before, a new header goes before this run's lines.
    /// - Throws: `JournalMismatch` where the results were judged with something else.
    public func begin(_ header: AuditHeader, index: AuditIndex?) throws {
        let last = try load(header, index: index)
        if let last, last.shard == header.shard, last.tool == header.tool { return }
        try append(.header(header))
    }

    /// Adds a line.
    /// - Throws: `InputError` where it could not be written in full; nothing of it is left then. Also where the file was
    ///   deleted or moved since it was opened; the line is with the others then.
    public func append(_ line: AuditLine) throws {
        let bytes = try line.json()
        // One call of `write`, but for a disk that takes a part of the line: what becomes of the rest tells the reason.
        let code = bytes.withUnsafeBytes { OpenDescriptor.write($0, to: descriptor) }
        guard code == 0 else {
            ftruncate(descriptor, off_t(length))
            throw Self.writingFailure(path, code)
        }
        length += bytes.count
        try requireInPlace()
        if .now - lastFlush > flushEvery { try flush() }
    }

    /// Makes what was written outlast a power cut.
    /// - Throws: `InputError` where that failed, or where the file was deleted or moved since it was opened.
    public func flush() throws {
        guard fdatasync(descriptor) == 0 || errno == EINVAL else { throw Self.writingFailure(path, errno) }
        lastFlush = .now
        try requireInPlace()
    }

    private func load(_ header: AuditHeader, index: AuditIndex?) throws -> AuditHeader? {
        lseek(descriptor, 0, SEEK_SET)
        let reader = ResultReader(LineReader(descriptor, named: path), takesUnterminated: false)
        var last: AuditHeader?
        var end = 0
        func add(_ file: LineFile, _ entry: AuditIndex.Entry) throws {
            guard last != nil else {
                throw InputError(
                    path, expected: "a header before the first result", found: "none", as: .resultsLine)
            }
            index?.add(file.name, entry)
        }
        while let entry = try reader.next() {
            switch entry.content {
            case .result(.header(let found)):
                try JournalMismatch.check(found, against: header, in: path)
                last = found
            case .result(.verdict(let line)):
                try add(line.file, .init(end: .judged(line.decision), stamp: line.file.stamp, digest: line.digest))
            case .result(.failure(let line)):
                try add(line.file, .init(end: .failed(line.code), stamp: line.file.stamp))
            case .blank:
                throw InputError(
                    "\(path), line \(entry.number)", expected: "a header, a verdict or an error",
                    found: "an empty line", as: .resultsLine)
            case .torn: continue
            }
            end = entry.end
        }
        if end < length {
            try requireBeginningOfHeader(end)
            guard ftruncate(descriptor, off_t(end)) == 0 else { throw Self.writingFailure(path, errno) }
            length = end
        }
        return last
    }

    /// A torn line is dropped, but another file is not emptied because it has no line feed.
    private func requireBeginningOfHeader(_ end: Int) throws {
        var beginning = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &beginning, beginning.count, 0)
        let isHeader = AuditHeader.beginnings.contains { text in
            zip(text.utf8, beginning.prefix(count)).allSatisfy(==)
        }
        guard end > 0 || isHeader else {
            throw InputError(
                path, expected: "results, or a new file", found: "another file", as: .notResults)
        }
    }

    /// - Returns: false where the file system has no locks.
    static func lock(_ descriptor: Int32, _ path: String) throws -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno != EWOULDBLOCK else {
            throw InputError(
                path, expected: "results that are not in use", found: "another audit writing them", as: .inUse)
        }
        return false
    }

    private static func writingFailure(_ path: String, _ code: Int32) -> InputError {
        let expectation =
            [ENOSPC, EDQUOT, EFBIG].contains(code) ? "room for another result" : "a writable file"
        return InputError(path, expected: expectation, found: systemMessage(code), as: .notWritable)
    }
}
