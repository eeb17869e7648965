import Foundation
import TestSupport
import Testing

/// `Tests/Fixtures/Evaluation/statistics.json`, from scikit-learn, SciPy and DeLong's definition in NumPy.
struct StatisticsGolden: Decodable {
    struct Curve: Decodable, CustomTestStringConvertible {
        let name: String
        let positives: [Double]
        let negatives: [Double]
        let fpr: [Double]
        let tpr: [Double]
        let thresholds: [Double]
        let auc: Double
        let variance: Double?
        let interval: [Double]?

        var testDescription: String { name }
    }

    struct Paired: Decodable {
        let positives: [Double]
        let negatives: [Double]
        let difference: Double
        let deviation: Double
        let p: Double
    }

    struct Counts: Decodable {
        let successes: Int
        let trials: Int
        let exact: [Double]
        let wide: [Double]
        let wilson: [Double]
    }

    let curves: [Curve]
    let paired: Paired
    let intervals: [Counts]

    static func load() throws -> StatisticsGolden {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.url("Evaluation/statistics.json")))
    }
}
