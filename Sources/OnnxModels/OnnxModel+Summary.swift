import Foundation
import InputErrors
import ModelFolders
import Models
import OnnxSessions

extension OnnxModel {
    /// What is in the folder, each graph loaded anew.
    public func summary() throws -> ModelSummary { try summary(loading: true) }

    /// Reads the graphs' files and, unless `loading` is false, loads each one anew to see whether and how fast it does.
    /// A graph that does not load has a `failure`; a file that is not a graph at all throws `InputError`.
    public func summary(loading: Bool) throws -> ModelSummary {
        if loading { _ = try OnnxRuntime.open(options.library) }
        let configuration = folder.configuration
        return ModelSummary(
            name: name, path: path, pipeline: configuration.index.className,
            scheduler: configuration.scheduler.className, predictionType: folder.predictionType,
            latentShape: latentShape.description, imageHeight: imageSize.height, imageWidth: imageSize.width,
            scalingFactor: onnxAutoencoder.scaling.factor, shiftFactor: onnxAutoencoder.scaling.shift,
            digest: try digest(), graphs: try ModelPart.graphs.map { try summary(of: $0, loading: loading) })
    }

    private func summary(of part: ModelPart, loading: Bool) throws -> ModelSummary.Graph {
        let url = folder.file(part, Self.graphFile)
        let graph = try OnnxFile(url)
        let external = try graph.externalFiles.reduce(0) { try $0 + ModelFile.requiredSize(folder.file(part, $1)) }
        var (seconds, failure): (Double?, String?) = (nil, nil)
        if loading {
            let clock = ContinuousClock()
            let start = clock.now
            do {
                _ = try Session(contentsOf: url.path, options: options)
                seconds = start.duration(to: clock.now) / .seconds(1)
            } catch let error as InputError {
                failure = error.found
            }
        }
        return ModelSummary.Graph(
            part: part.rawValue, fileSize: try ModelFile.requiredSize(url) + external,
            parameterCount: graph.parameterCount,
            producer: graph.producer, opset: graph.opset, inputs: graph.inputs, outputs: graph.outputs,
            isRandom: graph.isRandom, loadSeconds: seconds, failure: failure)
    }
}
