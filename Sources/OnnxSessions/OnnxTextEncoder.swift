import ModelFolders
import Models
import Tensors

/// The tokenizer and text encoder of a model folder, loaded at their first use.
public final class OnnxTextEncoder: TextEncoder {
    private let network: Lazy<Session>
    private let tokens: Lazy<PromptTokens>

    private static let outputs = ["last_hidden_state", "hidden_states", "text_embeddings"]

    /// An encoder over a graph that is opened when it is needed.
    /// - Parameter width: of the conditioning.
    package init(
        width: Int, tokens: @escaping @Sendable () throws -> PromptTokens,
        open: @escaping @Sendable () throws -> Session
    ) {
        self.tokens = Lazy(tokens)
        network = Lazy {
            let session = try open()
            try session.require(try session.onlyInput("token ids"), [nil, nil], "token ids")
            let output = session.outputs[try session.output(named: Self.outputs)]
            try session.require(output, [nil, nil, width], "the UNet's conditioning")
            return session
        }
    }

    /// Loads tokenizer, if there is one, and graph unless they are there.
    public func load() throws {
        _ = try tokens()
        _ = try network()
    }

    /// The folder's tokenizer.
    /// - Throws: `InputError` where it has none.
    public func tokenizer() throws -> CLIPTokenizer { try tokens().tokenizer() }

    /// The last hidden states of a batch of `prompts.count`; the last layer norm is applied.
    /// - Throws: `InputError` for a prompt that is not empty where the folder has no tokenizer.
    public func encode(_ prompts: [String]) throws -> Conditioning {
        precondition(!prompts.isEmpty, "no prompts to encode")
        let tokens = try tokens()
        let session = try network()
        // Ids are below 2²⁴, so Float holds them exactly on their way to the graph's integers.
        let ids = try prompts.flatMap { try tokens.encode($0).map(Float.init) }
        let tensor = Tensor(ids, shape: [prompts.count, tokens.maximumLength])
        let index = try session.output(named: Self.outputs)
        return Conditioning(
            tokens: try session.inBatches([tensor], of: session.inputs[0]) { group in
                let shape = session.outputs[index].extent(2).map { [group[0].batch, tokens.maximumLength, $0] }
                return try session.run(group, output: index, shape: shape)
            })
    }
}
