import Marks

/// Whose mark was named, for images of which it is known whose they carry: right, another's, or none. Keys of one owner count
/// as that owner's. It costs memory for the names that occur, however many keys were looked for.
public struct Identification: Encodable, Sendable {
    /// What became of images of one kind.
    public struct Outcomes: Sendable, Equatable {
        /// Judged images.
        public var judged = 0
        /// The right owner was named.
        public var right = 0
        /// Another one was.
        public var confused = 0
        /// No key was found.
        public var rejected = 0
        /// No key was found, and that means little.
        public var undecided = 0

        /// Named rightly, of those that were judged.
        public var identificationRate: Proportion { Proportion(right, of: judged) }
        /// Named wrongly.
        public var confusionRate: Proportion { Proportion(confused, of: judged) }
        /// Nobody named.
        public var rejectionRate: Proportion { Proportion(rejected + undecided, of: judged) }
    }

    /// Images of one that were named as another's.
    public struct Confusion: Encodable, Sendable, Equatable {
        /// Whose they are.
        public let carried: String
        /// Whose they were said to be.
        public let named: String
        /// How many.
        public let images: Int
    }

    /// Images with the mark of a key that was looked for.
    public let known: Outcomes
    /// Images with the mark of somebody else, `foreign` in the labels: nobody should be named.
    public let foreign: Outcomes
    /// Images without a mark.
    public let clean: Outcomes
    /// Of the known ones those whose owner's key fits best, whatever its p-value.
    public let best: Proportion
    /// Of those that have the scores of several keys those whose owner is among them.
    public let amongBest: Proportion
    /// How many confusions there are of different kinds, and the most frequent ones.
    public let kindsOfConfusion: Int
    /// The most frequent ones.
    public let confusions: [Confusion]

    /// The most confusions that are kept.
    private static let mostConfusions = 20

    /// Nil where no label says whose mark an image carries.
    /// - Parameters:
    ///   - images: labelled ones.
    ///   - keys: those that the results name.
    init?(_ images: [LabelledImage], keys: [KeyIdentity]) {
        guard images.contains(where: { $0.label.key != nil || $0.label.isForeign }) else { return nil }
        var outcomes = (known: Outcomes(), foreign: Outcomes(), clean: Outcomes())
        var (best, among) = ((right: 0, all: 0), (right: 0, all: 0))
        var confusions: [Pair: Int] = [:]
        var lookedFor: [String: Bool] = [:]
        for image in images where !image.label.isForged {
            guard let judgement = image.result.judgement else { continue }
            let named = keys[judgement.key]
            guard image.label.isMarked, let carried = image.label.key else {
                if image.label.isForeign {
                    outcomes.foreign.add(judgement, isRight: false)
                } else if !image.label.isMarked {
                    outcomes.clean.add(judgement, isRight: false)
                }
                continue
            }
            let isNamed = lookedFor[carried] ?? keys.contains { $0.isCalled(carried) }
            lookedFor[carried] = isNamed
            // Where all keys have a score, one that has none was not looked for.
            guard isNamed || !judgement.candidates.isEmpty else {
                outcomes.foreign.add(judgement, isRight: false)
                continue
            }
            let isRight = named.isCalled(carried)
            outcomes.known.add(judgement, isRight: isRight)
            best.all += 1
            if isRight { best.right += 1 }
            if judgement.candidates.count > 1 {
                among.all += 1
                if judgement.candidates.contains(where: { keys[$0].isCalled(carried) }) { among.right += 1 }
            }
            if judgement.decision == .watermarked, !isRight {
                confusions[Pair(carried: carried, named: named.owner ?? named.name), default: 0] += 1
            }
        }
        (known, foreign, clean) = outcomes
        self.best = Proportion(best.right, of: best.all)
        amongBest = Proportion(among.right, of: among.all)
        kindsOfConfusion = confusions.count
        self.confusions = confusions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostConfusions).map
        {
            Confusion(carried: $0.key.carried, named: $0.key.named, images: $0.value)
        }
    }

    private struct Pair: Hashable, Comparable {
        let carried: String
        let named: String

        static func < (one: Pair, other: Pair) -> Bool { (one.carried, one.named) < (other.carried, other.named) }
    }

    enum CodingKeys: String, CodingKey {
        case known, foreign, clean, best
        case amongBest = "among_best"
        case kindsOfConfusion = "kinds_of_confusion"
        case confusions
    }
}

extension Identification.Outcomes: Encodable {
    private enum CodingKeys: String, CodingKey {
        case judged, right, confused, rejected, undecided
        case identification = "identification_wilson"
        case confusion = "confusion_wilson"
        case rejection = "rejection_wilson"
    }

    /// The counts, and Wilson's intervals of their rates where something was judged.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(judged, forKey: .judged)
        try container.encode(right, forKey: .right)
        try container.encode(confused, forKey: .confused)
        try container.encode(rejected, forKey: .rejected)
        try container.encode(undecided, forKey: .undecided)
        guard judged > 0 else { return }
        try container.encode(identificationRate.wilsonInterval, forKey: .identification)
        try container.encode(confusionRate.wilsonInterval, forKey: .confusion)
        try container.encode(rejectionRate.wilsonInterval, forKey: .rejection)
    }

    fileprivate mutating func add(_ judgement: Judgement, isRight: Bool) {
        judged += 1
        switch judgement.decision {
        case .watermarked: if isRight { right += 1 } else { confused += 1 }
        case .notWatermarked: rejected += 1
        case .undecided: undecided += 1
        }
    }
}

extension KeyIdentity {
    /// Whether a label's word for a key, its fingerprint, name or owner, means this one.
    func isCalled(_ word: String) -> Bool { id == word || name == word || owner == word }
}
