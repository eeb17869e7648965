import Foundation

/// How well one measure tells marked images from clean ones.
public struct ScoreAssessment: Encodable, Sendable {
    /// A corner of the curve.
    public struct Corner: Encodable, Sendable, Equatable {
        /// Share of clean images at or above the threshold.
        public var fpr: Double
        /// Share of marked images at or above it.
        public var tpr: Double
    }

    /// The false-positive rates that thresholds are fitted for.
    public static let rates = [0.01, 0.001, 1e-4, 1e-6]

    /// What images are ranked by.
    public let measure: Measure
    /// Marked images with a score.
    public let positives: Int
    /// Clean images with a score.
    public let negatives: Int
    /// Area under the curve.
    public let auc: Double
    /// DeLong's interval of 95 %; nil with fewer than two images of a kind.
    public let aucInterval: Interval?
    /// Shares found at fitted thresholds, one for each of `rates`.
    public let operatingPoints: [OperatingPoint]
    /// The curve's corners, thinned out to what a chart can show.
    public let curve: [Corner]

    let area: DeLong

    enum CodingKeys: String, CodingKey {
        case measure, positives, negatives, auc
        case aucInterval = "auc_interval"
        case operatingPoints = "operating_points"
        case curve
    }

    /// - Parameters:
    ///   - positives: marked images; those without a score are left out.
    ///   - negatives: clean ones, the same.
    /// - Returns: nil without images of both kinds.
    init?(_ measure: Measure, positives: [LabelledImage], negatives: [LabelledImage]) throws {
        let up = positives.compactMap(measure.score)
        let split = NegativeSplit(negatives.filter { measure.score($0) != nil })
        let (fitting, heldOut) = (split.fitting.compactMap(measure.score), split.heldOut.compactMap(measure.score))
        guard !up.isEmpty, !fitting.isEmpty else { return nil }
        self.measure = measure
        self.positives = up.count
        self.negatives = fitting.count + heldOut.count
        area = DeLong(positives: up, negatives: fitting + heldOut)
        auc = area.auc
        aucInterval = area.interval
        operatingPoints = Self.rates.map {
            OperatingPoint(rate: $0, fitting: fitting, positives: up, heldOut: heldOut)
        }
        curve = Self.corners(try ROCCurve(positives: up, negatives: fitting + heldOut))
    }

    /// The points where the curve turns; of those closer than a five-hundredth of the way along both axes, linear and
    /// logarithmic, only one.
    static func corners(_ curve: ROCCurve) -> [Corner] {
        var corners: [Corner] = []
        var last: (fp: Int, tp: Int)?
        for (index, point) in curve.points.enumerated() {
            if index > 0, index + 1 < curve.points.count {
                let (before, after) = (curve.points[index - 1], curve.points[index + 1])
                let turn =
                    (point.falsePositives - before.falsePositives) * (after.truePositives - point.truePositives)
                    - (point.truePositives - before.truePositives) * (after.falsePositives - point.falsePositives)
                if turn == 0 { continue }
                if let last, isNear(point, last, of: curve) { continue }
            }
            last = (point.falsePositives, point.truePositives)
            corners.append(Corner(fpr: curve.falsePositiveRate(point), tpr: curve.truePositiveRate(point)))
        }
        return corners
    }

    private static func isNear(_ point: ROCCurve.Point, _ last: (fp: Int, tp: Int), of curve: ROCCurve) -> Bool {
        let across = Double(point.falsePositives - last.fp) / Double(curve.negatives)
        let up = Double(point.truePositives - last.tp) / Double(curve.positives)
        let ratio = Double(point.falsePositives) / Double(max(last.fp, 1))
        return across < 0.002 && up < 0.002 && ratio < 1.03
    }
}
