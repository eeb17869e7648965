import CheckpointModels
import Models
import TensorFiles
import Tensors

/// A whole checkpoint, opened as the tool opens it, against a file of inputs and expected outputs.
struct ModelCase {
    let model: any DiffusionModel
    let golden: SafetensorsFile
    /// The prompts that it is asked for; the first is the empty one, which needs no vocabulary.
    let prompts: [String]

    private static let prompts = ["", "mountains at dusk with sun"]

    init(_ path: String, golden: String, options: ExecutionOptions, isEmptyOnly: Bool) throws {
        model = try CheckpointBackend(options: options).open(path)
        self.golden = try SafetensorsFile(contentsOf: golden)
        prompts = Array(Self.prompts.prefix(isEmptyOnly ? 1 : Self.prompts.count))
    }

    /// Encodes and decodes, encodes the prompts, and calls the network that predicts noise with them.
    func compare() throws -> [Comparison] {
        let autoencoder = try model.requireAutoencoder()
        var comparisons = [
            try compare("scaled", try autoencoder.encode(expected("image"))),
            try compare("decoded", try autoencoder.decode(expected("sample"))),
        ]
        guard let predictor = model.noisePredictor else { return comparisons }
        let conditioning = try model.requireTextEncoder().encode(prompts)
        comparisons.append(try compare("encoder_hidden_states", conditioning.tokens))
        if let pooled = conditioning.pooled, let name = ["text_embeds", "pooled_projections"].first(where: has) {
            comparisons.append(try compare(name, pooled))
        }
        let scale = try has("guidance") ? Double(golden.tensor(named: "guidance").elements[0]) : 1
        let guided = Conditioning(tokens: conditioning.tokens, pooled: conditioning.pooled, guidance: scale)
        let prediction = try predictor.predict(expected("sample"), timestep: 501, conditioning: guided)
        comparisons.append(try compare("out", prediction))
        return comparisons
    }

    private func has(_ name: String) -> Bool { golden.names.contains(name) }

    private func compare(_ name: String, _ ours: Tensor) throws -> Comparison {
        try Comparison(name, ours, expected(name))
    }

    /// The golden tensor for as many items as there are prompts.
    private func expected(_ name: String) throws -> Tensor {
        let whole = try golden.tensor(named: name)
        return .concatenating(prompts.indices.map { whole.item($0) })
    }
}
