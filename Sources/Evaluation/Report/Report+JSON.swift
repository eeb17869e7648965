import Foundation
import Marks
import Models
import Verdicts

extension Report {
    /// The document's name and version.
    public static let formatName = "ringkey.report/1"

    private struct Document: Encodable {
        let format = Report.formatName
        let title: String
        let created: String
        let tool: String
        let summary: ResultsOverview
        let evaluation: Assessment?
        let sharedNoise: Shared?
        let keys: [KeyIdentity]
        let models: [ModelIdentity]
        let calibrations: [CalibrationIdentity]
        let audits: [AuditHeader]
        let superseded: Int
        let warnings: [String]

        enum CodingKeys: String, CodingKey {
            case format, title, created, tool, summary, evaluation
            case sharedNoise = "shared_noise"
            case keys, models, calibrations, audits, superseded, warnings
        }
    }

    private struct Shared: Encodable {
        struct Pair: Encodable {
            let files: [String]
            let correlation: Double
            let samePicture: Bool

            enum CodingKeys: String, CodingKey {
                case files, correlation
                case samePicture = "same_picture"
            }
        }

        let compared: Int
        let pairsFound: Int
        /// The strongest ones.
        let pairs: [Pair]

        enum CodingKeys: String, CodingKey {
            case compared
            case pairsFound = "pairs_found"
            case pairs
        }
    }

    private var shared: Shared? {
        sharedNoise.map { shared in
            Shared(
                compared: shared.compared, pairsFound: shared.pairs.count,
                pairs: shared.pairs.prefix(SharedNoise.mostListed).map { pair in
                    .init(
                        files: [pair.images.0, pair.images.1].map { results.images[$0].shownPath },
                        correlation: pair.correlation, samePicture: pair.isSamePicture)
                })
        }
    }

    /// The figures as one JSON object, keys sorted.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let document = Document(
            title: settings.title, created: settings.created, tool: settings.tool, summary: summary,
            evaluation: assessment, sharedNoise: shared, keys: results.keys, models: results.models,
            calibrations: results.calibrations, audits: results.audits,
            superseded: results.superseded, warnings: warnings)
        return try encoder.encode(document) + Data("\n".utf8)
    }
}
