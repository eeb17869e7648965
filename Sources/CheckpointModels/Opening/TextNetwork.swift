import InputErrors
import ModelFolders
import Models
import OnnxSessions
import Tensors

/// One text encoder of a checkpoint with its tokens, loaded at its first use.
final class TextNetwork: Sendable {
    private let session: Lazy<Session>
    private let tokens: Lazy<PromptTokens>
    private let penultimateName: String

    /// A CLIP text encoder, with or without projection.
    /// - Throws: `InputError` for another class, or a configuration that is not supported.
    init(clip text: CheckpointParts.Text, options: ExecutionOptions) throws {
        let part = text.part
        let isProjected = part.className == "CLIPTextModelWithProjection"
        guard isProjected || part.className == "CLIPTextModel" else {
            throw InputError(
                part.name, expected: "CLIPTextModel or CLIPTextModelWithProjection", found: part.className,
                as: .unsupported)
        }
        let network = CLIPText(configuration: try .init(part.configuration))
        penultimateName = network.penultimateName
        tokens = Lazy(text.tokens)
        session = Lazy {
            try Session(
                graph: network.graph(part.weights(), isProjected: isProjected), named: part.name, options: options)
        }
    }

    /// What is wanted of a text encoder.
    enum Output {
        /// `[B, tokens, width]`, after the last layer norm.
        case lastHiddenState
        /// `[B, tokens, width]`, of the last block but one, without a norm.
        case penultimate
        /// `[B, width]`: one vector for the whole prompt, projected where the class projects.
        case pooled
    }

    /// Loads tokenizer and network.
    func load() throws {
        _ = try tokens()
        _ = try session()
    }

    /// - Throws: `InputError` for a prompt that is not empty where there is no tokenizer.
    func encode(_ prompts: [String], _ output: Output) throws -> Tensor {
        precondition(!prompts.isEmpty, "no prompts to encode")
        let (tokens, session) = (try tokens(), try session())
        // Ids are below 2²⁴, so Float holds them exactly on their way to the graph's integers.
        let ids = try prompts.flatMap { try tokens.encode($0).map(Float.init) }
        let names =
            switch output {
            case .lastHiddenState: ["last_hidden_state"]
            case .penultimate: [penultimateName]
            case .pooled: ["text_embeds", "pooler_output"]
            }
        return try session.run(
            [Tensor(ids, shape: [prompts.count, tokens.maximumLength])], output: session.output(named: names))
    }
}
