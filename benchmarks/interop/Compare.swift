import ArgumentParser
import Foundation
import InputErrors
import Models
import NoiseSchedules

/// Compares networks and whole checkpoints with what other libraries computed of them: one line of JSON a case.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Compare checkpoints with expected outputs.")

    @Flag(help: "The paths are whole checkpoints, not folders of one network.") var models = false
    @Flag(help: "Of whole checkpoints, encode the empty prompt only.") var emptyPrompt = false
    @Option(help: "What a file of Stable Diffusion 2 predicts: epsilon or v_prediction.") var prediction: String?
    @Argument(help: "PATH GOLDEN, pair after pair.") var paths: [String]

    /// What came of one case.
    private struct Line: Encodable {
        let path: String
        var comparisons: [Comparison] = []
        var refusal: String?
        var seconds = 0.0
    }

    func validate() throws {
        guard !paths.isEmpty, paths.count.isMultiple(of: 2) else {
            throw ValidationError("paths come in pairs of a checkpoint and its expected outputs")
        }
        guard prediction.map({ PredictionType(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("a prediction is one of \(PredictionType.allCases.map(\.rawValue))")
        }
    }

    func run() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for index in stride(from: 0, to: paths.count, by: 2) {
            var line = Line(path: paths[index])
            let start = ContinuousClock.now
            do {
                line.comparisons = try compare(paths[index], paths[index + 1])
            } catch let error as InputError {
                line.refusal = "\(error)"
            }
            line.seconds = (ContinuousClock.now - start) / .seconds(1)
            print(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
    }

    private func compare(_ path: String, _ golden: String) throws -> [Comparison] {
        guard models else { return try PartCase(path, golden: golden).compare() }
        let options = ExecutionOptions(prediction: prediction.flatMap(PredictionType.init))
        return try ModelCase(path, golden: golden, options: options, isEmptyOnly: emptyPrompt).compare()
    }
}
