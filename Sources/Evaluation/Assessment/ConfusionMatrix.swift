import InputErrors
import Marks

/// Which key an image carries against which key was found, for labels that name keys.
public struct ConfusionMatrix: Encodable, Sendable {
    /// What an image carries.
    public enum Truth: Sendable, Hashable {
        /// A key that was looked for: its place among the keys.
        case key(Int)
        /// A key that nobody looked for, by the label's text.
        case other(String)
        /// Marked, but the labels do not say with which key.
        case unnamed
        /// No mark.
        case clean
    }

    /// The images of one truth.
    public struct Row: Sendable, Equatable {
        /// What these images carry.
        public var truth: Truth
        /// Verdicts of watermarked by the key they name, in the order of the keys.
        public var found: [Int]
        /// Verdicts of not watermarked.
        public var notFound = 0
        /// Verdicts of undecided.
        public var undecided = 0
        /// Images that could not be judged.
        public var failed = 0
        /// Images whose best key, whatever its p-value, is the right one, among those with scores: the choice between
        /// keys for images that are known to carry one of them.
        public var nearest: Proportion?

        /// Images of this truth that were judged.
        public var judged: Int { found.reduce(0, +) + notFound + undecided }

        /// How often the answer was right: the key itself, or, for clean images and keys that nobody looked for, none.
        public var right: Proportion {
            switch truth {
            case .key(let place): Proportion(found[place], of: judged)
            case .unnamed: Proportion(found.reduce(0, +), of: judged)
            case .other, .clean: Proportion(judged - found.reduce(0, +), of: judged)
            }
        }
    }

    /// The keys, in the order of the columns.
    public let keys: [KeyIdentity]
    /// One for each truth that has images: keys first, in their order, clean images last.
    public let rows: [Row]

    /// - Throws: `InputError` for a label's key that is the name of several keys.
    init(_ images: [LabelledImage], keys: [KeyIdentity]) throws {
        self.keys = keys
        var resolved: [String: Truth] = [:]
        var rows: [Truth: Row] = [:]
        var nearest: [Truth: (right: Int, all: Int)] = [:]
        for image in images {
            let truth: Truth
            if !image.label.isMarked {
                truth = .clean
            } else if let name = image.label.key {
                if let known = resolved[name] {
                    truth = known
                } else {
                    truth = try Self.truth(of: name, keys)
                    resolved[name] = truth
                }
            } else {
                truth = .unnamed
            }
            Self.count(image.result, into: &rows[truth, default: Row(truth: truth, found: keys.map { _ in 0 })])
            if case .key(let place) = truth, let judgement = image.result.judgement, judgement.log10P != nil {
                nearest[truth, default: (0, 0)].all += 1
                if judgement.key == place { nearest[truth, default: (0, 0)].right += 1 }
            }
        }
        for (truth, counts) in nearest { rows[truth]?.nearest = Proportion(counts.right, of: counts.all) }
        self.rows = rows.values.sorted { Self.order($0.truth) < Self.order($1.truth) }
    }

    private static func count(_ result: ImageResult, into row: inout Row) {
        guard let judgement = result.judgement else {
            row.failed += 1
            return
        }
        switch judgement.decision {
        case .watermarked: row.found[judgement.key] += 1
        case .notWatermarked: row.notFound += 1
        case .undecided: row.undecided += 1
        }
    }

    /// By fingerprint, else by name.
    static func truth(of label: String, _ keys: [KeyIdentity]) throws -> Truth {
        if let place = keys.firstIndex(where: { $0.id == label }) { return .key(place) }
        let named = keys.indices.filter { keys[$0].name == label }
        guard named.count < 2 else {
            throw InputError(
                "label key \(label)", expected: "a fingerprint, or a name that only one key has",
                found: "the name of \(named.map { keys[$0].id }.joined(separator: " and "))", as: .labels)
        }
        return named.first.map { .key($0) } ?? .other(label)
    }

    private static func order(_ truth: Truth) -> (Int, Int, String) {
        switch truth {
        case .key(let place): (0, place, "")
        case .other(let name): (1, 0, name)
        case .unnamed: (2, 0, "")
        case .clean: (3, 0, "")
        }
    }
}

extension ConfusionMatrix.Row: Encodable {
    private enum CodingKeys: String, CodingKey {
        case truth, found, judged, right, nearest, undecided, failed
        case notFound = "not_found"
        case wilson = "right_wilson"
    }

    /// The truth is written as a fingerprint's place `key:0`, `other:NAME`, `marked` or `clean`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let text =
            switch truth {
            case .key(let place): "key:\(place)"
            case .other(let name): "other:\(name)"
            case .unnamed: "marked"
            case .clean: "clean"
            }
        try container.encode(text, forKey: .truth)
        try container.encode(found, forKey: .found)
        try container.encode(notFound, forKey: .notFound)
        try container.encode(undecided, forKey: .undecided)
        try container.encode(failed, forKey: .failed)
        try container.encode(judged, forKey: .judged)
        try container.encode(right, forKey: .right)
        try container.encode(right.wilsonInterval, forKey: .wilson)
        try container.encodeIfPresent(nearest, forKey: .nearest)
    }
}
