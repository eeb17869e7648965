import Auditing
import Foundation
import Verification

/// What results say of one image, as far as a report needs it: some 200 bytes, so that millions fit in memory.
public struct ImageResult: Sendable, Equatable {
    /// What became of the image.
    public enum Outcome: Sendable, Equatable {
        /// It was judged.
        case judged(Judgement)
        /// It could not be judged: the class, and what was found.
        case failed(AuditFailure.Code, String)
    }

    /// The image as it was named.
    public var path: String
    /// What became of it.
    public var outcome: Outcome

    /// The folder that a relative path starts from: its place in `Results.folders`; nil where the results do not say.
    let folder: Int?

    /// An image and what became of it.
    init(path: String, outcome: Outcome, folder: Int? = nil) {
        self.path = path
        self.outcome = outcome
        self.folder = folder
    }

    /// Its figures, where it was judged.
    public var judgement: Judgement? {
        if case .judged(let judgement) = outcome { judgement } else { nil }
    }
}

/// The figures of a verdict that a report needs.
public struct Judgement: Sendable, Equatable {
    /// The answer.
    public var decision: Verdict.Decision
    /// The key with the smallest p-value: its place in `Results.keys`.
    public var key: Int
    /// The model: its place in `Results.models`.
    public var model: Int
    /// The calibration: its place in `Results.calibrations`; nil where the image was judged without.
    public var calibration: Int?
    /// log₁₀ of the p-value of the look that the verdict rests on, before it was multiplied by the hypotheses. Absent for a
    /// key that was not drawn at random.
    public var log10P: Double?
    /// What the verdict's p-value was multiplied by: keys × looks.
    public var hypotheses: Int
    /// How many keys were tried.
    public var keysTried: Int
    /// How many looks were taken.
    public var looksTaken: Int
    /// The false-positive rate that was asked for.
    public var rate: Double
    /// The Tree-Ring package's distance; lower is closer.
    public var referenceL1: Double?
    /// The Tree-Ring package's p-value, which is not calibrated.
    public var referenceP: Double?
    /// What was worth knowing.
    public var findings: FindingSet
    /// Length of the file in bytes.
    public var bytes: Int
    /// SHA-256 of the file.
    public var digest: FileDigest
    /// Seconds spent on it.
    public var seconds: Double

    /// log₁₀ of the p-value as the verdict gives it, but not cut at a p-value of 1, so that images keep their order there.
    public var log10Corrected: Double? { log10P.map { $0 + log10(Double(hypotheses)) } }

    /// The chance that the best of as many keys matches at least as well at this look: uniform over images that have
    /// nothing to do with the keys (Šidák's rule for independent keys, before the correction for looks).
    public var uniformP: Double? {
        log10P.map { -expm1(Double(keysTried) * log1p(-pow(10, min($0, 0)))) }
    }
}

/// A set of the codes of findings.
public struct FindingSet: OptionSet, Sendable, Hashable {
    /// One bit for each code, in the order of their declaration.
    public let rawValue: Int

    /// A set of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// One code.
    public init(_ code: Verdict.Finding.Code) {
        self.init(rawValue: 1 << (Verdict.Finding.Code.allCases.firstIndex(of: code) ?? 0))
    }
}

/// SHA-256 of a file, in 32 bytes.
public struct FileDigest: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        var words = SIMD4<UInt64>()
        for index in 0..<4 {
            let part = String(decoding: digits[index * 16..<index * 16 + 16], as: UTF8.self)
            guard let word = UInt64(part, radix: 16) else { return nil }
            words[index] = word
        }
        self.words = words
    }

    /// In the order of the hexadecimal texts.
    public static func < (a: FileDigest, b: FileDigest) -> Bool {
        for index in 0..<4 where a.words[index] != b.words[index] { return a.words[index] < b.words[index] }
        return false
    }

    /// 64 hexadecimal digits.
    public var description: String {
        (0..<4).map { String(format: "%016lx", words[$0]) }.joined()
    }
}
