import InputErrors
import OnnxSessions
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// `CLIPTextModel` and `CLIPTextModelWithProjection` against transformers'. The tolerance is that of float32 sums in
/// another order.
@Suite struct CLIPTextTests {
    static let plain = CheckpointCase.all(of: "CLIPTextModel")
    static let projected = CheckpointCase.all(of: "CLIPTextModelWithProjection")

    @Test(arguments: plain + projected) func encodes(_ name: String) throws {
        let example = try CheckpointCase(name)
        let network = try network(of: example)
        let graph = try network.graph(example.weights(), outputs: TextOutput.allCases)
        for (output, expected) in [
            (TextOutput.lastHiddenState, "last_hidden_state"), (.penultimate, "penultimate"),
            (.pooled, network.isProjected ? "text_embeds" : "pooled"),
        ] {
            let found = try example.run(graph, "input_ids", output: network.name(of: output))
            expectClose(found, try example.expected(expected), relative: 1e-5, expected)
            #expect(found.shape.last == (output == .pooled ? network.pooledWidth : network.width))
        }
    }

    private func network(of example: CheckpointCase) throws -> CLIPText {
        CLIPText(
            configuration: try CLIPTextConfiguration(example.configuration()),
            isProjected: Self.projected.contains(example.name))
    }

    /// A graph says only what was asked for, in that order.
    @Test func wantedOutputs() throws {
        let example = try CheckpointCase("CLIPTextModelWithProjection/gelu-projection")
        let graph = try network(of: example).graph(example.weights(), outputs: [.pooled, .penultimate])
        let session = try Session(graph: graph, named: example.name)
        #expect(session.inputs.map(\.description) == ["input_ids int64 [batch, tokens]"])
        #expect(
            session.outputs.map(\.description) == [
                "text_embeds float32 [batch, 6]", "hidden_states.1 float32 [batch, tokens, 8]",
            ])
    }

    @Test func thereAreCases() {
        #expect(Self.plain.count >= 4)
        #expect(Self.projected.count >= 2)
    }

    /// Fewer tokens than there are places, and more.
    @Test func otherLengths() throws {
        let example = try CheckpointCase("CLIPTextModel/quick-gelu")
        let graph = try network(of: example).graph(example.weights(), outputs: [.lastHiddenState])
        let ids = try example.expected("input_ids")
        let (rows, places) = (ids.shape[0], ids.shape[1])
        let short = Tensor(
            ids.elements.enumerated().filter { $0.offset % places < 4 }.map(\.element), shape: [rows, 4])
        let states = try example.run(graph, [short], output: "last_hidden_state")
        let whole = try example.expected("last_hidden_state")
        // Tokens see only those before them.
        let width = whole.shape[2]
        let expected = whole.elements.enumerated().filter { $0.offset / width % places < 4 }.map(\.element)
        expectClose(states.elements, expected, relative: 1e-5)

        let long = Tensor([Float](repeating: 3, count: rows * (places + 1)), shape: [rows, places + 1])
        #expect(refusal { try example.run(graph, [long], output: "last_hidden_state") }?.code == .modelGraph)
        let unknown = Tensor([Float](repeating: 24, count: rows), shape: [rows, 1])
        #expect(refusal { try example.run(graph, [unknown], output: "last_hidden_state") }?.code == .modelGraph)
    }

    @Test(
        arguments: [
            ("hidden_act", .text("relu")), ("num_attention_heads", .number(3)), ("layer_norm_eps", .number(0)),
            ("layer_norm_eps", .number(1e300)), ("eos_token_id", .list([.number(2)])), ("hidden_size", .number(1e12)),
            ("vocab_size", .number(0)), ("num_hidden_layers", .number(0)), ("is_decoder", .bool(true)),
            ("pruned_heads", .object(["0": .list([.number(1)])])), ("quantization_config", .object([:])),
        ] as [(String, ConfigurationValue)])
    func refusesFields(_ field: String, _ value: ConfigurationValue) throws {
        let file = try CheckpointCase("CLIPTextModel/gelu").configuration(with: [field: value])
        let error = refusal { try CLIPTextConfiguration(file) }
        #expect(error?.code == .modelConfiguration)
        #expect(error?.subject == "CLIPTextModel/gelu: \(field)")
    }

    /// Fields of older releases of transformers.
    @Test func olderFields() throws {
        let file = try CheckpointCase("CLIPTextModel/gelu").configuration(with: [
            "dropout": .number(0), "torch_dtype": .text("float16"), "pruned_heads": .object([:]),
            "is_decoder": .bool(false), "top_p": .number(1), "_name_or_path": .text("a/b"),
        ])
        #expect(try CLIPTextConfiguration(file).activation == .gelu)
    }

    @Test func refusesTensors() throws {
        let example = try CheckpointCase("CLIPTextModelWithProjection/gelu-projection")
        let configuration = try CLIPTextConfiguration(example.configuration())
        let projection = try example.weights().tensor("text_projection.weight")
        let turned = projection.viewed(as: [8, 6])
        let table = "text_model.embeddings.token_embedding.weight"
        let tall = try example.weights().tensor(table).viewed(as: [48, 4])
        for (weights, isProjected, subject, found) in [
            (try example.weights(with: ["text_projection.weight": nil]), true, example.name, "none"),
            (try example.weights(), false, "\(example.name): text_projection.weight", "one more"),
            (
                try example.weights(with: ["text_projection.weight": turned]), true,
                "\(example.name): text_projection.weight", "[8, 6]"
            ),
            (try example.weights(with: [table: tall]), true, "\(example.name): \(table)", "[48, 4]"),
            (
                try example.weights(with: ["text_model.encoder.layers.2.layer_norm1.weight": projection]), true,
                "\(example.name): text_model.encoder.layers.2.layer_norm1.weight", "one more"
            ),
        ] as [(CheckpointWeights, Bool, String, String)] {
            let network = CLIPText(configuration: configuration, isProjected: isProjected)
            let error = refusal { try network.graph(weights, outputs: [.lastHiddenState]) }
            #expect(error?.code == .checkpoint)
            #expect(error?.subject == subject)
            #expect(error?.found == found)
        }
    }
}
