import InputErrors
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// `T5EncoderModel` against transformers'. The tolerance is that of float32 sums in another order.
@Suite struct T5EncoderTests {
    static let cases = CheckpointCase.all(of: "T5EncoderModel")

    @Test(arguments: cases) func encodes(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = try T5Encoder(configuration: T5EncoderConfiguration(example.configuration()))
        let states = try example.run(
            network.graph(example.weights(), outputs: [.lastHiddenState]), "input_ids", output: "last_hidden_state")
        expectClose(states, try example.expected("last_hidden_state"), relative: 1e-5)
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 3) }

    /// The table of tokens under both of its names, and a decoder beside the encoder.
    @Test func tensorsThatAreNotNeeded() throws {
        let example = try CheckpointCase("T5EncoderModel/gated-gelu")
        let network = try T5Encoder(configuration: T5EncoderConfiguration(example.configuration()))
        let table = try example.weights().tensor("shared.weight")
        let weights = try example.weights(with: [
            "encoder.embed_tokens.weight": table, "decoder.embed_tokens.weight": table,
        ])
        let states = try example.run(
            network.graph(weights, outputs: [.lastHiddenState]), "input_ids", output: "last_hidden_state")
        expectClose(states, try example.expected("last_hidden_state"), relative: 1e-5)
    }

    /// The groups of distances of the published models, by the rule of Raffel et al.: 8 near ones each way, then the
    /// logarithm up to 128.
    @Test func groups() throws {
        let file = NetworkConfiguration(named: "config.json", ["feed_forward_proj": .text("gated-gelu")])
        let network = try T5Encoder(configuration: T5EncoderConfiguration(file))
        let distances = [0, -1, 1, -7, 7, -8, 8, 11, 12, 15, 16, 32, 64, 127, 128, 5000, -128]
        #expect(distances.map(network.group) == [0, 1, 17, 7, 23, 8, 24, 24, 25, 25, 26, 28, 30, 31, 31, 31, 15])
    }

    @Test(
        arguments: [
            ("feed_forward_proj", .text("gated-silu")), ("dense_act_fn", .text("gelu")), ("is_gated_act", .bool(false)),
            ("relative_attention_num_buckets", .number(6)), ("relative_attention_max_distance", .number(2)),
            ("relative_attention_max_distance", .number(1e9)), ("layer_norm_epsilon", .number(-1)),
            ("num_heads", .number(0)), ("d_kv", .text("3")), ("is_decoder", .bool(true)), ("invented", .number(1)),
        ] as [(String, ConfigurationValue)])
    func refusesFields(_ field: String, _ value: ConfigurationValue) throws {
        let file = try CheckpointCase("T5EncoderModel/gated-gelu").configuration(with: [field: value])
        let error = refusal { try T5EncoderConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "T5EncoderModel/gated-gelu: \(field)")
    }

    @Test func refusesTensors() throws {
        let example = try CheckpointCase("T5EncoderModel/gated-gelu")
        let network = try T5Encoder(configuration: T5EncoderConfiguration(example.configuration()))
        let query = "encoder.block.1.layer.0.SelfAttention.q.weight"
        let whole = try example.weights().tensor(query)
        for (tensor, location, subject, found) in [
            ("shared.weight", nil, example.name, "none"),
            (query, whole.viewed(as: [8, 12]), "\(example.name): \(query)", "[8, 12]"),
            ("encoder.block.0.bias", whole, "\(example.name): encoder.block.0.bias", "one more"),
        ] as [(String, TensorLocation?, String, String)] {
            let weights = try example.weights(with: [tensor: location])
            let error = refusal { try network.graph(weights, outputs: [.lastHiddenState]) }
            #expect(error?.code == .checkpoint)
            #expect(error?.subject == subject)
            #expect(error?.found == found)
        }
    }
}
