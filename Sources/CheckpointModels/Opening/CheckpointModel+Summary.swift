import Foundation
import InputErrors
import Models
import OnnxSessions

extension CheckpointModel {
    /// What is in the checkpoint; each network is built and loaded anew.
    public func summary() throws -> ModelSummary {
        _ = try OnnxRuntime.open(options.library)
        let scheduler = try parts.scheduler?()
        let autoencoder = try NetworkClass.autoencoder(parts.autoencoder)
        return ModelSummary(
            name: name, path: path, format: parts.format, family: try family(), pipeline: parts.pipeline,
            scheduler: scheduler?.className, predictionType: onnxNoisePredictor?.predictionType,
            latentShape: latentShape.description, imageHeight: imageSize.height, imageWidth: imageSize.width,
            scalingFactor: autoencoder.scaling.factor, shiftFactor: autoencoder.scaling.shift, digest: try digest(),
            graphs: try graphs(autoencoder))
    }

    private func family() throws -> String? {
        guard parts.pipeline != "RectifiedFlowPipeline" else { return "InstaFlow" }
        return try parts.denoiser.map(NetworkClass.denoiser)?.family
    }

    private func graphs(_ autoencoder: any AutoencoderNetwork) throws -> [ModelSummary.Graph] {
        var graphs: [ModelSummary.Graph] = []
        if let part = parts.denoiser {
            let network = try NetworkClass.denoiser(part)
            graphs.append(try graph(part, part.label) { try network.graph($0) })
        }
        let part = parts.autoencoder
        graphs.append(try graph(part, ModelPart.vaeEncoder.rawValue, "encoder.") { try autoencoder.encoderGraph($0) })
        graphs.append(try graph(part, ModelPart.vaeDecoder.rawValue, "decoder.") { try autoencoder.decoderGraph($0) })
        for text in parts.texts {
            let network = try NetworkClass.textEncoder(text.part)
            graphs.append(try graph(text.part, text.part.label) { try network.graph($0, outputs: [.lastHiddenState]) })
        }
        return graphs
    }

    /// One network: the tensors below a prefix, and whether the graph over them loads.
    private func graph(
        _ part: CheckpointPart, _ label: String, _ prefix: String = "",
        _ build: (CheckpointWeights) throws -> Data
    ) throws -> ModelSummary.Graph {
        let weights = try part.weights()
        let own = weights.below(prefix)
        let clock = ContinuousClock()
        let start = clock.now
        var (session, failure): (Session?, String?) = (nil, nil)
        do {
            session = try Session(graph: build(weights), named: part.name, options: options)
        } catch let error as InputError {
            failure = "\(error)"
        }
        return ModelSummary.Graph(
            part: label, className: part.className, fileSize: own.byteCount, parameterCount: own.parameterCount,
            types: own.types.map(\.rawValue), memory: own.parameterCount * MemoryLayout<Float>.stride,
            producer: "ringkey", opset: nil, inputs: session?.inputs ?? [], outputs: session?.outputs ?? [],
            isRandom: false, loadSeconds: session == nil ? nil : start.duration(to: clock.now) / .seconds(1),
            failure: failure)
    }
}
