import InputErrors
import ModelFolders
import Models
import OnnxSessions
import Tensors

/// One text encoder of a checkpoint with its tokens, loaded at its first use.
package final class PromptEncoder: Sendable {
    private let network: any TextNetwork
    private let session: Lazy<Session>
    private let tokens: Lazy<PromptTokens>

    /// - Parameters:
    ///   - text: the part and its tokens.
    ///   - outputs: what will be asked for.
    ///   - limit: the most tokens of a prompt, where it is not the tokenizer's.
    /// - Throws: `InputError` for a class or a configuration that is not supported, or a class that does not have the
    ///   outputs.
    package init(
        _ text: CheckpointParts.Text, outputs: [TextOutput], tokens limit: Int? = nil, options: ExecutionOptions
    ) throws {
        let part = text.part
        let network = try NetworkClass.textEncoder(part)
        guard network.pooledWidth != nil || outputs == [.lastHiddenState] else {
            throw InputError(
                part.name, expected: "a text encoder with one vector for a whole prompt", found: part.className,
                as: .unsupported)
        }
        self.network = network
        tokens = Lazy { try limit.map(text.tokens().limited(to:)) ?? text.tokens() }
        session = Lazy {
            try Session(graph: network.graph(part.weights(), outputs: outputs), named: part.name, options: options)
        }
    }

    /// Loads tokenizer and network.
    package func load() throws {
        _ = try tokens()
        _ = try session()
    }

    /// - Parameter output: one of those that the encoder was made for.
    /// - Throws: `InputError` for a prompt that is not empty where there is no tokenizer.
    package func encode(_ prompts: [String], _ output: TextOutput) throws -> Tensor {
        precondition(!prompts.isEmpty, "no prompts to encode")
        let (tokens, session) = (try tokens(), try session())
        // Ids are below 2²⁴, so Float holds them exactly on their way to the graph's integers.
        let ids = try prompts.flatMap { try tokens.encode($0).map(Float.init) }
        return try session.run(
            [Tensor(ids, shape: [prompts.count, tokens.maximumLength])],
            output: session.output(named: [network.name(of: output)]))
    }
}
