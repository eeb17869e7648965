import Foundation
import Verdicts

/// What results say without labels.
public struct ResultsOverview: Encodable, Sendable {
    /// All images by outcome.
    public private(set) var counts: ClassCounts
    /// Failures by class.
    public private(set) var failures: [String: Int] = [:]
    /// Finds by the key they name, in the order of the results' keys.
    public private(set) var findsByKey: [Int]
    /// Verdicts by the stable code of what was worth knowing.
    public private(set) var findings: [String: Int] = [:]
    /// Finds that chance alone would make if no image had anything to do with a key: the sum of the asked rates over the
    /// images that have a p-value.
    public private(set) var expectedFalsePositives = 0.0
    /// The false-positive rates that verdicts were asked at, ascending.
    public private(set) var rates: [Double] = []
    /// Images that were not found, by the p-value of their last attempt, in twenty bins of equal width from 0 to 1: even where
    /// images have nothing to do with the keys.
    public private(set) var pValues = [Int](repeating: 0, count: ResultsOverview.bins)
    /// Images that an attempt before the last decided, so that their p-value is not the smallest that could be had.
    public private(set) var decidedEarly = 0
    /// Seconds that were spent on images.
    public private(set) var seconds = 0.0

    /// Bins of `pValues`.
    public static let bins = 20

    enum CodingKeys: String, CodingKey {
        case counts, failures, rates, findings, seconds
        case findsByKey = "finds_by_key"
        case expectedFalsePositives = "expected_false_positives"
        case pValues = "p_values"
        case decidedEarly = "decided_early"
    }

    /// Goes through all images once.
    init(_ results: Results) {
        counts = ClassCounts([])
        findsByKey = results.keys.map { _ in 0 }
        var rates: Set<Double> = []
        var findings: [FindingSet: Int] = [:]
        for image in results.images {
            counts.add(image)
            switch image.outcome {
            case .failed(let code, _): failures[code.rawValue, default: 0] += 1
            case .judged(let judgement):
                rates.insert(judgement.rate)
                add(judgement)
                if !judgement.findings.isEmpty { findings[judgement.findings, default: 0] += 1 }
            }
        }
        self.rates = rates.sorted()
        for code in Verdict.Finding.Code.allCases {
            let count = findings.filter { $0.key.contains(FindingSet(code)) }.reduce(0) { $0 + $1.value }
            if count > 0 { self.findings[code.rawValue] = count }
        }
    }

    private mutating func add(_ judgement: Judgement) {
        seconds += judgement.seconds
        if judgement.decision == .watermarked {
            findsByKey[judgement.key] += 1
            if judgement.looksTaken < judgement.looksPlanned { decidedEarly += 1 }
        }
        guard let p = judgement.uniformP else { return }
        expectedFalsePositives += judgement.rate
        if judgement.decision != .watermarked { pValues[min(Int(p * Double(Self.bins)), Self.bins - 1)] += 1 }
    }
}
