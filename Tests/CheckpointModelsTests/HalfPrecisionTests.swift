import Foundation
import TensorFiles
import TestSupport
import Testing

import CheckpointModels

/// Files of float16 and bfloat16 numbers. The fixtures' weights are exact in both, so that outputs are those of float32.
@Suite struct HalfPrecisionTests {
    private static let types: [SafetensorsFile.ElementType] = [.float16, .bfloat16]

    @Test(arguments: types) func autoencoder(_ type: SafetensorsFile.ElementType) throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let folder = try TemporaryFolder()
        let network = try AutoencoderKL(configuration: AutoencoderKLConfiguration(example.configuration()))
        let graph = try network.encoderGraph(example.weights(as: type, in: folder))
        let moments = try example.run(graph, "image", output: "latent_parameters")
        expectClose(moments.first(4), try example.expected("latents_mode"), relative: 1e-5)
    }

    @Test(arguments: types) func textEncoder(_ type: SafetensorsFile.ElementType) throws {
        let example = try CheckpointCase("CLIPTextModelWithProjection/gelu-projection")
        let folder = try TemporaryFolder()
        let network = try CLIPText(
            configuration: CLIPTextConfiguration(example.configuration()), isProjected: true)
        let graph = try network.graph(example.weights(as: type, in: folder), outputs: [.pooled])
        let embeddings = try example.run(graph, "input_ids", output: "text_embeds")
        expectClose(embeddings, try example.expected("text_embeds"), relative: 1e-5)
    }

    @Test(arguments: types) func distances(_ type: SafetensorsFile.ElementType) throws {
        let example = try CheckpointCase("T5EncoderModel/gated-gelu")
        let folder = try TemporaryFolder()
        let network = try T5Encoder(configuration: T5EncoderConfiguration(example.configuration()))
        let graph = try network.graph(example.weights(as: type, in: folder), outputs: [.lastHiddenState])
        let states = try example.run(graph, "input_ids", output: "last_hidden_state")
        expectClose(states, try example.expected("last_hidden_state"), relative: 1e-5)
    }
}

extension CheckpointCase {
    /// Its weights in a file of another type.
    fileprivate func weights(
        as type: SafetensorsFile.ElementType, in folder: TemporaryFolder
    ) throws -> CheckpointWeights {
        var header: [String: Entry] = [:]
        var body = Data()
        for (name, location) in try weights().tensors.sorted(by: { $0.key < $1.key }) {
            let elements = try SafetensorsFile(contentsOf: location.file).tensor(named: name).elements
            let start = body.count
            for element in elements {
                let bits = type == .float16 ? Float16(element).bitPattern : UInt16(element.bitPattern >> 16)
                withUnsafeBytes(of: bits.littleEndian) { body.append(contentsOf: $0) }
            }
            header[name] = Entry(dtype: type.rawValue, shape: location.shape, data_offsets: [start, body.count])
        }
        let text = try JSONEncoder().encode(header)
        let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        let path = try folder.write("half.safetensors", length + text + body)
        return try CheckpointWeights(named: name, files: [URL(fileURLWithPath: path)])
    }

    private struct Entry: Encodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }
}
