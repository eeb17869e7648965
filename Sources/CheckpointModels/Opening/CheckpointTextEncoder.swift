import InputErrors
import ModelFolders
import Models
import Tensors

/// The text encoders of a checkpoint, put together as its pipeline does.
final class CheckpointTextEncoder: TextEncoder {
    private let encoders: [PromptEncoder]
    private let composition: PromptComposition

    /// - Parameters:
    ///   - composition: what the network that predicts noise wants.
    ///   - texts: the text encoders.
    /// - Throws: `InputError` for too few of them, and for classes that are not supported.
    init(
        _ composition: PromptComposition, _ texts: [CheckpointParts.Text], of path: String, options: ExecutionOptions
    ) throws {
        self.composition = composition
        guard texts.count == composition.encoders else {
            throw InputError(
                path, expected: "\(composition.encoders) text encoders", found: "\(texts.count)", as: .notAModel)
        }
        encoders = try texts.enumerated().map { index, text in
            try PromptEncoder(text, outputs: composition.outputs(ofEncoder: index), options: options)
        }
    }

    /// Loads all tokenizers and networks.
    func load() throws { try Concurrently.forEach(encoders) { try $0.load() } }

    func encode(_ prompts: [String]) throws -> Conditioning {
        switch composition {
        case .single:
            return Conditioning(tokens: try encoders[0].encode(prompts, .lastHiddenState))
        case .pair:
            let states = try encoders.map { try $0.encode(prompts, .penultimate) }
            return Conditioning(
                tokens: .joiningWidths(states), pooled: try encoders[encoders.count - 1].encode(prompts, .pooled))
        case .stableDiffusion3, .flux:
            preconditionFailure("to be composed")
        }
    }
}

/// What a network that predicts noise wants of the text encoders.
enum PromptComposition: Sendable {
    /// The last hidden states of one (Stable Diffusion 1 and 2).
    case single
    /// The penultimate states of two, side by side, and the projected vector of the second (SDXL).
    case pair
    case stableDiffusion3
    case flux

    /// How many text encoders there must be.
    var encoders: Int {
        switch self {
        case .single: 1
        case .pair: 2
        case .stableDiffusion3: 3
        case .flux: 2
        }
    }

    /// What is asked of an encoder.
    func outputs(ofEncoder index: Int) -> [TextOutput] {
        switch self {
        case .single: [.lastHiddenState]
        case .pair: index == 0 ? [.penultimate] : [.penultimate, .pooled]
        case .stableDiffusion3: index == 2 ? [.lastHiddenState] : [.penultimate, .pooled]
        case .flux: index == 0 ? [.pooled] : [.lastHiddenState]
        }
    }
}

extension Tensor {
    /// Hidden states `[B, tokens, width]` of several encoders side by side, `[B, tokens, all widths]`.
    static func joiningWidths(_ states: [Tensor]) -> Tensor {
        let rows = Array(states[0].shape.dropLast())
        precondition(
            states.allSatisfy { Array($0.shape.dropLast()) == rows }, "hidden states of \(states.map(\.shape))")
        let widths = states.map { $0.shape[$0.shape.count - 1] }
        let total = widths.reduce(0, +)
        return Tensor(shape: rows + [total]) { target in
            var start = 0
            for (state, width) in zip(states, widths) {
                state.withUnsafeBufferPointer { source in
                    for row in 0..<rows.reduce(1, *) {
                        for column in 0..<width {
                            target.initializeElement(
                                at: row * total + start + column, to: source[row * width + column])
                        }
                    }
                }
                start += width
            }
        }
    }
}
