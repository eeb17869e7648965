import Files
import Foundation
import InputErrors

/// The members of a line of results that readers need, as they stand there: any may be absent.
struct LineMembers {
    var format: String?
    var path: String?
    var rawPath: RawPath?
    var stamp: FileStamp?
    var verdict: String?
    var code: String?
    var found: String?
    var sha256: String?
    var bytes: Int?
    var own = JudgedLine.Score()
    var scores: [JudgedLine.Score] = []
    var keysTried: Int?
    var hypotheses: Int?
    var looksTaken = 0
    var looksPlanned: Int?
    var isTwoSided = false
    var rate: Double?
    var reference: (l1: Double?, pValue: Double?)
    var findings: FindingSet = []
    var model: ResultLine.Text?
    var calibration: ResultLine.Text?
    var sketch: NoiseSketch?
    var tool: String?
    var seconds: Double?

    /// - Throws: `JSONScanner.Malformed` for a line that is not one whole JSON object of numbers and texts in their places.
    init(_ line: ResultLine.Text) throws {
        var scanner = JSONScanner(line)
        var members = Self()
        try scanner.object { try members.read($0, &$1) }
        try scanner.expectEnd()
        self = members
    }

    private init() {}

    private mutating func read(_ name: String, _ scanner: inout JSONScanner) throws {
        if scanner.null() { return }
        switch name {
        case "format": format = try scanner.string()
        case "path": path = try scanner.string()
        case "path_base64": rawPath = try Self.rawPath(&scanner)
        case "stamp": stamp = try Self.stamp(&scanner)
        case "verdict": verdict = try scanner.string()
        case "code": code = try scanner.string()
        case "found": found = try scanner.string()
        case "sha256": sha256 = try scanner.string()
        case "bytes": bytes = try scanner.integer()
        case "key", "p_value", "log10_p", "cosine", "dimension": try own.read(name, &scanner)
        case "keys_tried": keysTried = try scanner.integer()
        case "scores": scores = try Self.scores(&scanner)
        case "hypotheses": hypotheses = try scanner.integer()
        case "looks": looksTaken = try Self.count(&scanner)
        case "looks_planned": looksPlanned = try scanner.integer()
        case "two_sided": isTwoSided = try scanner.boolean()
        case "fpr": rate = try scanner.number()
        case "reference": reference = try Self.reference(&scanner)
        case "findings": findings = try Self.findings(&scanner)
        case "model": model = try scanner.rawValue()
        case "calibration": calibration = try scanner.rawValue()
        case "noise_sketch": sketch = try Self.sketch(&scanner)
        case "tool": tool = try scanner.string()
        case "seconds": seconds = try scanner.number()
        default: try scanner.skip()
        }
    }

    private static func rawPath(_ scanner: inout JSONScanner) throws -> RawPath {
        let before = scanner
        guard let bytes = Data(base64Encoded: try scanner.string()) else { throw before.malformed("Base64") }
        return RawPath(bytes: [UInt8](bytes))
    }

    private static func stamp(_ scanner: inout JSONScanner) throws -> FileStamp {
        var (size, modified): (Int?, Int?)
        try scanner.object { name, scanner in
            switch name {
            case "size": size = try scanner.integer()
            case "modified": modified = try scanner.integer()
            default: try scanner.skip()
            }
        }
        guard let size, let modified else { throw scanner.malformed("size and modified before this") }
        return FileStamp(
            size: try require(size, "stamp.size", "a whole number from 0", in: 0...), modified: modified)
    }

    private static func scores(_ scanner: inout JSONScanner) throws -> [JudgedLine.Score] {
        var scores: [JudgedLine.Score] = []
        try scanner.array { element in
            var score = JudgedLine.Score()
            try element.object { name, scanner in
                if !scanner.null() { try score.read(name, &scanner) }
            }
            scores.append(score)
        }
        return scores
    }

    private static func count(_ scanner: inout JSONScanner) throws -> Int {
        var count = 0
        try scanner.array { element in
            try element.skip()
            count += 1
        }
        return count
    }

    private static func reference(_ scanner: inout JSONScanner) throws -> (l1: Double?, pValue: Double?) {
        var reference: (l1: Double?, pValue: Double?)
        try scanner.object { name, scanner in
            if scanner.null() { return }
            switch name {
            case "l1": reference.l1 = try scanner.number()
            case "p_value": reference.pValue = try scanner.number()
            default: try scanner.skip()
            }
        }
        return reference
    }

    private static func sketch(_ scanner: inout JSONScanner) throws -> NoiseSketch {
        let before = scanner
        var texts = (family: "", noise: "", picture: "")
        try scanner.object { name, scanner in
            switch name {
            case "family": texts.family = try scanner.string()
            case "noise": texts.noise = try scanner.string()
            case "picture": texts.picture = try scanner.string()
            default: try scanner.skip()
            }
        }
        guard let sketch = NoiseSketch(family: texts.family, noise: texts.noise, picture: texts.picture) else {
            throw before.malformed("a sketch of \(NoiseSketch.length) numbers")
        }
        return sketch
    }

    private static func findings(_ scanner: inout JSONScanner) throws -> FindingSet {
        var findings: FindingSet = []
        try scanner.array { element in
            try element.object { name, scanner in
                guard name == "code" else { return try scanner.skip() }
                if let code = Verdict.Finding.Code(rawValue: try scanner.string()) {
                    findings.insert(FindingSet(code))
                }
            }
        }
        return findings
    }
}

extension JudgedLine.Score {
    fileprivate mutating func read(_ name: String, _ scanner: inout JSONScanner) throws {
        switch name {
        case "key": key = try scanner.rawValue()
        case "p_value": pValue = try scanner.number()
        case "log10_p": log10P = try scanner.number()
        case "cosine": cosine = try scanner.number()
        case "dimension": dimension = try scanner.integer()
        default: try scanner.skip()
        }
    }
}

/// Members that must be there, and be in range.
extension LineMembers {
    /// The file that the line is about.
    func file() throws -> LineFile {
        let path = try path ?? rawPath?.description ?? Self.none("path", "a text")
        return LineFile(path: path, rawPath: rawPath, stamp: stamp)
    }

    /// One of the words that an enumeration has.
    func code<Code: RawRepresentable<String> & CaseIterable>(
        _ member: KeyPath<LineMembers, String?>, _ name: String
    ) throws -> Code {
        let text = try require(member, name, "a text")
        guard let code = Code(rawValue: text) else {
            throw InputError(
                name, expected: Code.allCases.map(\.rawValue).joined(separator: ", "), found: text, as: .resultsLine)
        }
        return code
    }

    /// A member that is there.
    func require<Value>(_ member: KeyPath<LineMembers, Value?>, _ name: String, _ kind: String) throws -> Value {
        try self[keyPath: member] ?? Self.none(name, kind)
    }

    /// A member that is there and in range.
    func require<Value>(
        _ member: KeyPath<LineMembers, Value?>, _ name: String, _ kind: String, in range: some RangeExpression<Value>
    ) throws -> Value {
        try Self.require(require(member, name, kind), name, kind, in: range)
    }

    /// A value that is in range.
    static func require<Value>(
        _ value: Value, _ name: String, _ kind: String, in range: some RangeExpression<Value>
    ) throws -> Value {
        guard range ~= value else { throw InputError(name, expected: kind, found: "\(value)", as: .resultsLine) }
        return value
    }

    private static func none<Value>(_ name: String, _ kind: String) throws -> Value {
        throw InputError(name, expected: kind, found: "none", as: .resultsLine)
    }
}
