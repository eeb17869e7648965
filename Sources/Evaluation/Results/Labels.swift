import Files
import Foundation
import InputErrors

/// What images are known to be: marked or clean, of which group, with which key.
public struct Labels: Sendable, Equatable {
    /// What one image is known to be.
    public struct Label: Sendable, Equatable {
        /// Whether it carries a mark.
        public var isMarked: Bool
        /// Whether it is another picture that the key's mark was put into by an attack: neither marked nor clean.
        public var isForged: Bool
        /// Whether it carries the mark of a key that was not looked for: nobody should be named.
        public var isForeign: Bool
        /// The attack it went through, or another set it belongs to; nil where there are none.
        public var group: String?
        /// Fingerprint, name or owner of the key it is marked with.
        public var key: String?

        /// Whether it carries no mark.
        var isClean: Bool { !isMarked && !isForged && !isForeign }

        /// As label files say it.
        var word: String { isForged ? "forged" : isForeign ? "foreign" : isMarked ? "watermarked" : "clean" }

        /// A label.
        public init(
            isMarked: Bool, isForged: Bool = false, isForeign: Bool = false, group: String? = nil, key: String? = nil
        ) {
            precondition(
                [isMarked, isForged, isForeign].count { $0 } < 2, "an image that is marked, forged and foreign at once")
            self.isMarked = isMarked
            self.isForged = isForged
            self.isForeign = isForeign
            self.group = group
            self.key = key
        }
    }

    /// By the bytes of the path, as it is written in the results.
    public private(set) var byPath: [RawPath: Label]

    /// Labels by path; a leading `./` is not part of a path.
    public init(_ labels: [String: Label]) {
        byPath = [:]
        for (path, label) in labels { byPath[Self.plain(path)] = label }
    }

    /// The label of a path, which is text as `RawPath.text` has it.
    public subscript(path: String) -> Label? { byPath[Self.plain(path)] }

    /// One of the paths: the first in the order of their bytes.
    var example: String? { byPath.keys.min { $0.bytes.lexicographicallyPrecedes($1.bytes) }?.text }

    /// The label of a path as results name it. Where there is none, the path and those of the labels may start from
    /// different places: one is absolute, the other starts from the folder of the audit.
    /// - Parameter folder: where the path starts from if it is relative; nil for the current folder.
    func label(of path: String, from folder: String?) -> Label? {
        if let label = self[path] { return label }
        let bytes = RawPath(path).bytes
        let folder = RawPath(folder ?? FileManager.default.currentDirectoryPath).bytes
        let slash = UInt8(ascii: "/")
        guard bytes.first == slash else { return byPath[Self.absolute(folder + [slash] + bytes)] }
        let (file, start) = (Self.absolute(bytes).bytes, Self.absolute(folder).bytes + [slash])
        return file.starts(with: start) ? byPath[RawPath(bytes: Array(file.dropFirst(start.count)))] : nil
    }

    /// An absolute path without `.` and `..`.
    private static func absolute(_ path: [UInt8]) -> RawPath {
        var parts: [ArraySlice<UInt8>] = []
        for part in path.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
        }
        return RawPath(bytes: parts.flatMap { [UInt8(ascii: "/")] + $0 })
    }

    /// Reads a CSV file with a row of column names: `path` and `label` (`watermarked` or `clean`, or another pair of words
    /// for it; `forged`, `foreign`), and perhaps `group` and `key`.
    /// - Throws: `InputError` that names file and line.
    public init(contentsOf path: String) throws {
        try self.init(csv: InputFile.read(path, limit: 1 << 30), named: path)
    }

    init(csv data: Data, named name: String) throws {
        let table = try CSVTable(data, named: name)
        guard let head = table.rows.first else {
            throw InputError(
                name, expected: "a row of column names: path,label[,group][,key]", found: "no rows", as: .labels)
        }
        try Self.requireText(head.fields, at: name)
        let columns = try Self.columns(head.fields, of: name)
        byPath = [:]
        byPath.reserveCapacity(table.rows.count)
        for row in table.rows.dropFirst() {
            let place = "\(name), line \(row.line)"
            guard row.fields.count == head.fields.count else {
                throw InputError(
                    place, expected: "\(head.fields.count) fields", found: "\(row.fields.count)", as: .labels)
            }
            func field(_ column: Int?) -> String? {
                column.map { row.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            }
            guard let path = field(columns.path) else {
                throw InputError(place, expected: "a path", found: "an empty field", as: .labels)
            }
            // A path may have any bytes.
            try Self.requireText(row.fields.enumerated().filter { $0.offset != columns.path }.map(\.element), at: place)
            let kind = try Self.kind(row.fields[columns.label], at: place)
            let label = Label(
                isMarked: kind == .marked, isForged: kind == .forged, isForeign: kind == .foreign,
                group: field(columns.group), key: field(columns.key))
            if let other = byPath.updateValue(label, forKey: Self.plain(path)), other != label {
                throw InputError(
                    place, expected: "one label for a path", found: "a second, different one for \(path)", as: .labels)
            }
        }
    }

    private static func requireText(_ fields: [String], at place: String) throws {
        guard fields.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw InputError(place, expected: "UTF-8 text", found: "other bytes", as: .textEncoding)
        }
    }

    private static func columns(
        _ names: [String], of file: String
    ) throws -> (path: Int, label: Int, group: Int?, key: Int?) {
        let names = names.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        let known = ["path", "label", "group", "key"]
        let isFine = names.allSatisfy(known.contains) && Set(names).count == names.count
        guard isFine, let path = names.firstIndex(of: "path"), let label = names.firstIndex(of: "label") else {
            throw InputError(
                "\(file), line 1", expected: "the columns path,label[,group][,key]",
                found: String(names.joined(separator: ",").prefix(40)), as: .labels)
        }
        return (path, label, names.firstIndex(of: "group"), names.firstIndex(of: "key"))
    }

    private enum Kind {
        case marked, clean, forged, foreign
    }

    private static func kind(_ text: String, at place: String) throws -> Kind {
        switch text.trimmingCharacters(in: .whitespaces).lowercased() {
        case "watermarked", "marked", "true", "yes", "1": return .marked
        case "clean", "unmarked", "false", "no", "0": return .clean
        case "forged": return .forged
        case "foreign": return .foreign
        default:
            throw InputError(
                place, expected: "the label watermarked, clean, forged, foreign, true, false, yes, no, 1 or 0",
                found: text,
                as: .labels)
        }
    }

    private static func plain(_ path: String) -> RawPath {
        let bytes = RawPath(path).bytes
        return bytes.starts(with: "./".utf8) ? RawPath(bytes: Array(bytes.dropFirst(2))) : RawPath(bytes: bytes)
    }
}
