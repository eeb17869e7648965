import Files
import Foundation
import InputErrors
import KeyDocuments
import Marks
import RingKeys

/// A ring's file while something is added to it: locked, so that two processes do not add the same label, and growing by whole
/// lines in one `write(2)`, which is taken back where it fails. A last line that was torn off before is dropped.
public struct KeyRingFile: ~Copyable {
    /// The ring as it was when the file was opened.
    public let ring: KeyRing
    private let path: String
    private let descriptor: Int32

    /// A label to derive a key for.
    public struct Label: Sendable, Equatable {
        /// As verdicts will name the key.
        public var text: String
        /// Whose key it is; nil where the label says enough.
        public var owner: String?

        /// A label.
        public init(_ text: String, owner: String? = nil) {
            self.text = text
            self.owner = owner
        }
    }

    /// Opens and locks a ring; waits for another process that adds to it.
    /// - Throws: `InputError` for what is no ring, or cannot be written.
    public init(_ path: String) throws {
        let descriptor = RawPath(path).withCString { open($0, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else {
            // Reading says best what is wrong with the file.
            _ = try KeyRing(contentsOf: path)
            throw InputError(path, expected: "a key ring that can be written", found: "no right to", as: .notWritable)
        }
        do {
            while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            ring = try KeyRing(contentsOf: path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Adds derived keys.
    /// - Throws: `InputError` for a label that the ring has, or that comes twice, or that could not be printed; nothing is
    ///   added then.
    public borrowing func derive(_ labels: [Label]) throws {
        guard ring.count + labels.count <= KeyRing.mostLabels else {
            throw InputError(
                path, expected: "at most \(KeyRing.mostLabels) labels", found: "\(ring.count + labels.count)",
                as: .tooLarge)
        }
        var known = ring.labels()
        var text = Data()
        for label in labels {
            try KeyDocument.requirePrintable(label.text, subject: "label", as: .invalidSetting)
            if let owner = label.owner {
                try KeyDocument.requirePrintable(owner, subject: "owner", as: .invalidSetting)
            }
            try requireNew(label.text, among: &known)
            text += Data(#"{"label":"#.utf8) + (try Self.json(label.text))
            if let owner = label.owner { text += Data(#","owner":"#.utf8) + (try Self.json(owner)) }
            text += Data("}\n".utf8)
        }
        try append(text)
    }

    /// Adds a key as it is.
    /// - Parameters:
    ///   - key: for latents of the ring's shape.
    ///   - label: another name for it in this ring; nil for its own.
    /// - Throws: `InputError` for a key that the ring has, a label that it has, or latents of another shape.
    public borrowing func add(_ key: RingKey, label: String?) throws {
        let key = try label.map { try key.renamed($0, "label") } ?? key
        guard key.latentShape == ring.geometry.latentShape else {
            throw InputError(
                "key \(key.name)", expected: "a key for latents of the ring's shape, \(ring.geometry.latentShape)",
                found: "\(key.latentShape)", as: .keyMismatch)
        }
        if let same = ring.added.first(where: { $0.id == key.id }) {
            throw InputError(
                "key \(key.name)", expected: "a key that the ring does not have",
                found: "the same key (\(key.id)) under the label \(same.name)", as: .keyMismatch)
        }
        let derived = ring.key(of: key.name).identity.id
        if derived == key.id || ring.isDerived(key) {
            throw InputError(
                "key \(key.name)", expected: "a key that the ring does not have", found: "one derived from this ring",
                as: .keyMismatch)
        }
        guard ring.added.count < KeyRing.mostAdded else {
            throw InputError(path, expected: "at most \(KeyRing.mostAdded) added keys", found: "another", as: .tooLarge)
        }
        var known = ring.labels()
        try requireNew(key.name, among: &known)
        let document = try key.data()
        let (head, tail) = (Data(#"{"key":"#.utf8), Data("}\n".utf8))
        let count = head.count + document.count - 1 + tail.count
        try append(
            PrivateMemory.data(count: count) { target in
                head.copyBytes(to: target)
                let body = UnsafeMutableRawBufferPointer(rebasing: target[head.count..<count - tail.count])
                document.copyBytes(to: body, count: body.count)
                for index in body.indices where body[index] == 0x0A { body[index] = 0x20 }
                tail.copyBytes(to: UnsafeMutableRawBufferPointer(rebasing: target[(count - tail.count)...]))
            })
    }

    /// Revokes the key of a label: it is still looked for, and verdicts say that it was revoked.
    /// - Returns: false where it was revoked before.
    /// - Throws: `InputError` for a label that the ring does not have.
    public borrowing func revoke(_ label: String, at time: Date = Date()) throws -> Bool {
        guard ring.place(of: label) != nil || ring.added.contains(where: { $0.name == label }) else {
            throw InputError("label \(label)", expected: "one of the ring's labels", found: "none", as: .invalidSetting)
        }
        if ring.revocations[label] != nil { return false }
        let line = Data(#"{"revoked":"#.utf8) + (try Self.json(label)) + Data(#","at":""#.utf8)
        try append(line + Data("\(KeyDocument.time(time))\"}\n".utf8))
        return true
    }

    private borrowing func requireNew(_ label: String, among known: inout Set<String>) throws {
        guard known.insert(label).inserted else {
            throw InputError(
                "label \(label)", expected: "a label that the ring does not have", found: "one it has",
                as: .invalidSetting)
        }
    }

    private static func json(_ text: String) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return try encoder.encode(text)
    }

    private borrowing func append(_ lines: Data) throws {
        let length = off_t(ring.entries.end)
        guard ftruncate(descriptor, length) == 0 else { throw failure(errno) }
        let code = lines.withUnsafeBytes { OpenDescriptor.write($0, to: descriptor) }
        guard code == 0 else {
            ftruncate(descriptor, length)
            throw failure(code)
        }
        guard fdatasync(descriptor) == 0 else { throw failure(errno) }
    }

    private borrowing func failure(_ code: Int32) -> InputError {
        InputError(path, expected: "a key ring that can be written", found: systemMessage(code), as: .notWritable)
    }
}

extension KeyRing {
    /// All labels, of derived and of added keys.
    func labels() -> Set<String> {
        var labels = Set<String>(minimumCapacity: count)
        for place in 0..<count { labels.insert(label(at: place).label) }
        for key in added { labels.insert(key.name) }
        return labels
    }

    /// Whether a key is derived from the ring under a label that it has, whatever it is called.
    func isDerived(_ key: RingKey) -> Bool {
        pilotChannels.isEmpty && key.geometry == geometry && (0..<count).contains { ownKey(at: $0).id == key.id }
    }

    /// - Throws: `InputError` for a label that comes twice.
    func requireDistinctLabels() throws {
        var known = Set<String>(minimumCapacity: count)
        for label in (0..<count).map({ label(at: $0).label }) + added.map(\.name) {
            guard known.insert(label).inserted else {
                throw InputError(path, expected: "each label once", found: "\(label) twice", as: .keyDocument)
            }
        }
    }
}
