import Files
import Foundation
import InputErrors

extension SchedulerDocument {
    /// - Throws: `InputError` for what is no JSON object with settings of their types.
    init(data: Data, named path: String) throws {
        self = try JSONReader.decode(Self.self, from: data, named: path, dialect: .python, as: .modelConfiguration)
    }

    /// Whether the file describes a rectified flow.
    var isFlow: Bool { SchedulerClass.flows.contains(className) || useFlowSigmas == true }

    /// What the model returns. A rectified flow's file says `velocity` for a model of InstaFlow; diffusers' own say nothing.
    /// - Parameter pipeline: the class of the model's pipeline, where it is known.
    /// - Throws: `InputError` for a type that does not go with the schedule or the pipeline.
    func prediction(pipeline: String?, _ path: String) throws -> PredictionType {
        if pipeline == SchedulerConfiguration.oneStepPipeline {
            // The files of InstaFlow are those of the Stable Diffusion it was distilled from, and may say epsilon.
            _ = try prediction([.velocity, .epsilon], silent: .velocity, path)
            return .velocity
        }
        return isFlow
            ? try prediction([.flow, .velocity], silent: .flow, path)
            : try prediction([.epsilon, .vPrediction, .sample], silent: .epsilon, path)
    }

    private func prediction(
        _ types: [PredictionType], silent: PredictionType, _ path: String
    ) throws -> PredictionType {
        guard let name = predictionType else { return silent }
        guard let type = types.first(where: { $0.rawValue == name }) else {
            let names = types.map(\.rawValue)
            throw InputError(
                "\(path): prediction_type",
                expected: "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")", found: name,
                as: .modelConfiguration)
        }
        return type
    }

    /// Refuses settings that are true.
    func refuse(_ settings: [(name: String, value: Bool?)], _ path: String, _ expected: String) throws {
        for (name, value) in settings where value == true {
            throw InputError("\(path): \(name)", expected: expected, found: "true", as: .modelConfiguration)
        }
    }

    /// Number of training steps.
    func trainingSteps(_ path: String) throws -> Int {
        let count = numTrainTimesteps ?? 1000
        guard (1...100_000).contains(count) else {
            throw InputError(
                "\(path): num_train_timesteps", expected: "1 to 100000", found: "\(count)", as: .modelConfiguration)
        }
        return count
    }
}
