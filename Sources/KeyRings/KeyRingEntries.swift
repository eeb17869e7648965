import Cryptography
import Files
import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Tensors

/// The lines of a ring below its header. Lines as they are written here are passed over at some GB/s and read when they are
/// asked for; others are read at once.
struct KeyRingEntries: Sendable {
    /// Where the line of each derived key begins.
    private(set) var starts: [Int] = []
    private(set) var added: [RingKey] = []
    private(set) var revocations: [String: String] = [:]
    let isTorn: Bool
    private let content: Data
    /// After the last whole line.
    let end: Int

    /// One line.
    private struct Line: Decodable {
        let label: String?
        let owner: String?
        let revoked: String?
        let at: String?
        let key: Present?
    }

    /// A member that is looked at elsewhere.
    private struct Present: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// - Parameters:
    ///   - content: the whole file.
    ///   - start: where the entries begin.
    ///   - path: stands for the file in errors.
    ///   - shape: of the latents that the ring's keys fit.
    /// - Throws: `InputError` naming file and line.
    init(_ content: Data, from start: Int, named path: String, _ shape: LatentShape) throws {
        self.content = content
        let first = content.startIndex
        end = (content.lastIndex(of: UInt8(ascii: "\n")) ?? first - 1) + 1 - first
        isTorn = end < content.count
        var others: [(number: Int, range: Range<Int>)] = []
        var starts: [Int] = []
        let (from, until) = (start - first, end)
        content.withUnsafeBytes { bytes in
            let bytes = bytes.bindMemory(to: UInt8.self)
            var (place, number) = (from, 1)
            while place < until, let base = bytes.baseAddress,
                let found = memchr(base + place, 0x0A, until - place)
            {
                let next = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                number += 1
                if Self.isPlain(UnsafeBufferPointer(rebasing: bytes[place..<next])) {
                    starts.append(place)
                } else {
                    others.append((number, place..<next))
                }
                place = next + 1
            }
        }
        self.starts = starts
        guard starts.count + others.count <= 2 * KeyRing.mostLabels else {
            throw InputError(
                path, expected: "at most \(KeyRing.mostLabels) labels", found: "\(starts.count + others.count) lines",
                as: .tooLarge)
        }
        for other in others { try read(other.range, "\(path), line \(other.number)", shape) }
        if !others.isEmpty { self.starts.sort() }
        guard self.starts.count <= KeyRing.mostLabels else {
            throw InputError(
                path, expected: "at most \(KeyRing.mostLabels) labels", found: "\(self.starts.count)", as: .tooLarge)
        }
    }

    private static let prefix = Array(#"{"label":""#.utf8)

    /// Whether a line is `{"label":"…"}` in printable ASCII without escapes.
    private static func isPlain(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard line.count > prefix.count + 2, line.count <= prefix.count + 202, line.starts(with: prefix),
            line[line.count - 1] == UInt8(ascii: "}"), line[line.count - 2] == UInt8(ascii: "\"")
        else { return false }
        for index in prefix.count..<line.count - 2 {
            let byte = line[index]
            if byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
        }
        return true
    }

    private mutating func read(_ range: Range<Int>, _ place: String, _ shape: LatentShape) throws {
        let data = self.data(range)
        guard !data.isEmpty else { throw Self.refusal(place, "an empty line") }
        let line = try JSONReader.decode(Line.self, from: data, named: place, as: .keyDocument)
        switch (line.label, line.revoked, line.key) {
        case (let label, nil, .some):
            let key = try Self.addedKey(in: data, label: label, place)
            guard key.latentShape == shape else {
                throw InputError(
                    place, expected: "a key for latents of the ring's shape, \(shape)", found: "\(key.latentShape)",
                    as: .keyMismatch)
            }
            guard added.count < KeyRing.mostAdded else {
                throw InputError(
                    place, expected: "at most \(KeyRing.mostAdded) added keys", found: "another one", as: .tooLarge)
            }
            added.append(key)
        case (let label?, nil, nil):
            try KeyDocument.requirePrintable(label, subject: "\(place): label", as: .keyDocument)
            if let owner = line.owner {
                try KeyDocument.requirePrintable(owner, subject: "\(place): owner", as: .keyDocument)
            }
            starts.append(range.lowerBound)
        case (nil, let revoked?, nil):
            guard let time = line.at, ISO8601DateFormatter().date(from: time) != nil else {
                throw InputError(
                    "\(place): at", expected: "a time like 2026-01-31T12:00:00Z", found: line.at ?? "none",
                    as: .keyDocument)
            }
            // The first revocation holds.
            if revocations[revoked] == nil { revocations[revoked] = time }
        default: throw Self.refusal(place, "another combination of members")
        }
    }

    private static func refusal(_ place: String, _ found: String) -> InputError {
        InputError(place, expected: "one of label, key and revoked", found: found, as: .keyDocument)
    }

    /// The key of a line, read where it lies.
    private static func addedKey(in line: Data, label: String?, _ place: String) throws -> RingKey {
        let range = try line.withUnsafeBytes { bytes -> Range<Int>? in
            let bytes = bytes.bindMemory(to: UInt8.self)
            var scanner = JSONScanner(bytes)
            var range: Range<Int>?
            do {
                try scanner.object { (name, scanner) throws in
                    guard name == "key" else { return try scanner.skip() }
                    let value = try scanner.rawValue()
                    guard let start = value.baseAddress, let base = bytes.baseAddress else { return }
                    range = start - base..<start - base + value.count
                }
            } catch is JSONScanner.Malformed {
                return nil
            }
            return range
        }
        guard let range else { throw refusal(place, "no key") }
        let document = line[line.startIndex + range.lowerBound..<line.startIndex + range.upperBound]
        let key = try RingKey(data: document, named: "\(place): key")
        return try label.map { try key.renamed($0, place) } ?? key
    }

    /// The line of a derived key.
    func label(at place: Int) -> (label: String, owner: String?) {
        let start = starts[place]
        return content.withUnsafeBytes { bytes in
            let bytes = bytes.bindMemory(to: UInt8.self)
            let rest = UnsafeBufferPointer(rebasing: bytes[start..<end])
            let line = UnsafeBufferPointer(rebasing: rest[..<(rest.firstIndex(of: 0x0A) ?? rest.count)])
            if Self.isPlain(line) {
                return (String(decoding: line[Self.prefix.count..<line.count - 2], as: UTF8.self), nil)
            }
            // It was read before.
            let read = try? JSONReader.decode(
                Line.self, from: data(start..<start + line.count), named: "line", as: .keyDocument)
            return (read?.label ?? "", read?.owner)
        }
    }

    /// What all lines come to.
    var digest: [UInt8] {
        content.withUnsafeBytes { SHA256.hash(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    }

    private func data(_ range: Range<Int>) -> Data {
        content[content.startIndex + range.lowerBound..<content.startIndex + range.upperBound]
    }

    /// A document on one line, in memory that is wiped when it is released. Its strings have no line feeds.
    static func line(_ document: Data) throws -> Data {
        try PrivateMemory.data(count: document.count) { target in
            document.copyBytes(to: target)
            for index in 0..<target.count - 1 where target[index] == 0x0A { target[index] = 0x20 }
        }
    }
}

extension RingKey {
    /// The same key under another name.
    func renamed(_ label: String, _ place: String) throws -> RingKey {
        try KeyDocument.requirePrintable(label, subject: "\(place): label", as: .keyDocument)
        return RingKey(self, name: label)
    }
}
