import Auditing
import Foundation
import RingKeys
import Verification

/// The members of one line of results that a report needs, as they stand there.
struct ResultLine {
    /// A key's score.
    struct Score {
        var key: UnsafeBufferPointer<UInt8>?
        var log10P: Double?
        var cosine: Double?
        var dimension: Int?
    }

    var format = ""
    var path: String?
    var decision: String?
    var model: UnsafeBufferPointer<UInt8>?
    var calibration: UnsafeBufferPointer<UInt8>?
    var tool: String?
    var own = Score()
    var scores: [Score] = []
    var hypotheses: Int?
    var looksTaken = 0
    var twoSided = false
    var rate: Double?
    var referenceL1: Double?
    var referenceP: Double?
    var findings: FindingSet = []
    var bytes: Int?
    var sha256: String?
    var seconds = 0.0
    var code: String?
    var found: String?

    /// - Throws: `JSONScanner.Malformed` for a line that is not one whole JSON object of numbers and texts in their places.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var scanner = JSONScanner(bytes)
        var line = Self()
        try scanner.object { try line.read($0, &$1) }
        guard scanner.isAtEnd() else {
            throw JSONScanner.Malformed(expected: "nothing after the object", offset: scanner.position)
        }
        self = line
    }

    private init() {}

    private mutating func read(_ name: String, _ scanner: inout JSONScanner) throws {
        if try scanner.null() { return }
        switch name {
        case "format": format = try scanner.string()
        case "path": path = try scanner.string()
        case "verdict": decision = try scanner.string()
        case "model": model = try scanner.rawValue()
        case "calibration": calibration = try scanner.rawValue()
        case "tool": tool = try scanner.string()
        case "key", "log10_p", "cosine", "dimension": try own.read(name, &scanner)
        case "scores":
            var scores: [Score] = []
            try scanner.array { element in
                var score = Score()
                try element.object { try score.read($0, &$1) }
                scores.append(score)
            }
            self.scores = scores
        case "hypotheses": hypotheses = try scanner.integer()
        case "looks":
            var count = 0
            try scanner.array { element in
                try element.skip()
                count += 1
            }
            looksTaken = count
        case "two_sided": twoSided = try scanner.boolean()
        case "fpr": rate = try scanner.number()
        case "reference":
            var reference: (l1: Double?, p: Double?)
            try scanner.object { name, scanner in
                switch name {
                case "l1": reference.l1 = try scanner.number()
                case "p_value": reference.p = try scanner.number()
                default: try scanner.skip()
                }
            }
            (referenceL1, referenceP) = reference
        case "findings":
            var findings: FindingSet = []
            try scanner.array { element in
                try element.object { name, scanner in
                    guard name == "code" else { return try scanner.skip() }
                    if let code = Verdict.Finding.Code(rawValue: try scanner.string()) {
                        findings.insert(FindingSet(code))
                    }
                }
            }
            self.findings = findings
        case "bytes": bytes = try scanner.integer()
        case "sha256": sha256 = try scanner.string()
        case "seconds": seconds = try scanner.number()
        case "code": code = try scanner.string()
        case "found": found = try scanner.string()
        default: try scanner.skip()
        }
    }
}

extension ResultLine.Score {
    mutating func read(_ name: String, _ scanner: inout JSONScanner) throws {
        switch name {
        case "key": key = try scanner.rawValue()
        case "log10_p": log10P = try scanner.number()
        case "cosine": cosine = try scanner.number()
        case "dimension": dimension = try scanner.integer()
        default: try scanner.skip()
        }
    }

    /// log₁₀ of the p-value before it was multiplied by the hypotheses: from the corrected one, or from the cosine where
    /// that was cut at a p-value of 1.
    func uncorrected(hypotheses: Int, twoSided: Bool) -> Double? {
        guard let log10P else { return nil }
        if log10P < 0 { return log10P - log10(Double(hypotheses)) }
        guard let cosine, let dimension, dimension >= 1 else { return nil }
        return CosineTest.logPValue(cosine: cosine, dimension: dimension, twoSided: twoSided) / log(10)
    }
}
