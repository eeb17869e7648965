import InputErrors
import ModelFolders
import Models
import Tensors

/// The text encoders of a checkpoint, put together as its pipeline does.
package final class CheckpointTextEncoder: TextEncoder {
    private let encoders: [PromptEncoder]
    private let composition: PromptComposition
    private let emptyPrompt: Lazy<Conditioning>?
    private let path: String

    /// - Parameters:
    ///   - composition: what the network that predicts noise wants.
    ///   - width: of its tokens.
    ///   - parts: the text encoders, and what may stand for them.
    /// - Throws: `InputError` for too few text encoders where nothing stands for them, and for classes that are not
    ///   supported.
    package init(_ composition: PromptComposition, width: Int, _ parts: CheckpointParts, options: ExecutionOptions)
        throws
    {
        self.composition = composition
        path = parts.path
        emptyPrompt = parts.emptyPrompt.map { file in Lazy { try file.conditioning(width: width) } }
        guard composition.encoders.contains(parts.texts.count) else {
            guard parts.emptyPrompt != nil else { throw Self.missing(composition, parts.texts.count, path) }
            encoders = []
            return
        }
        encoders = try parts.texts.enumerated().map { index, text in
            try PromptEncoder(
                text, outputs: composition.outputs(ofEncoder: index), tokens: composition.tokens(ofEncoder: index),
                options: options)
        }
    }

    /// Loads all tokenizers and networks, or only what stands for them.
    package func load() throws {
        if let emptyPrompt { _ = try emptyPrompt() } else { try Concurrently.forEach(encoders) { try $0.load() } }
    }

    package func encode(_ prompts: [String]) throws -> Conditioning {
        guard let empty = try emptyPrompt?() else { return try compose(prompts) }
        return .concatenating(
            try prompts.map { prompt in
                guard !prompt.isEmpty else { return empty }
                let composed = try compose([prompt])
                // Both may meet in one batch later on.
                try require(empty, toFit: composed)
                return composed
            })
    }

    private func require(_ empty: Conditioning, toFit other: Conditioning) throws {
        func shapes(_ conditioning: Conditioning) -> String {
            ([conditioning.tokens.shape] + [conditioning.pooled?.shape].compactMap(\.self))
                .map { "\($0)" }.joined(separator: " and ")
        }
        guard shapes(empty) == shapes(other) else {
            throw InputError(
                "\(path)/\(EmptyPrompt.file)", expected: "the shapes \(shapes(other)), as other prompts have",
                found: shapes(empty), as: .wrongShape)
        }
    }

    private func compose(_ prompts: [String]) throws -> Conditioning {
        guard !encoders.isEmpty else { throw Self.missing(composition, 0, path) }
        func encode(_ index: Int, _ output: TextOutput) throws -> Tensor { try encoders[index].encode(prompts, output) }
        switch composition {
        case .single:
            return Conditioning(tokens: try encode(0, .lastHiddenState))
        case .pair:
            let states = try encoders.indices.map { try encode($0, .penultimate) }
            return Conditioning(tokens: try .joiningWidths(states), pooled: try encode(1, .pooled))
        case .stableDiffusion3(let width):
            let texts = try (0..<2).map {
                StableDiffusion3Conditioning.Text(
                    states: try encode($0, .penultimate), pooled: try encode($0, .pooled))
            }
            let t5 = encoders.count > 2 ? try encode(2, .lastHiddenState) : nil
            return try StableDiffusion3Conditioning.compose(texts, t5: t5, width: width)
        case .flux:
            return Conditioning(tokens: try encode(1, .lastHiddenState), pooled: try encode(0, .pooled))
        }
    }

    private static func missing(_ composition: PromptComposition, _ found: Int, _ path: String) -> InputError {
        let numbers = Set([composition.encoders.lowerBound, composition.encoders.upperBound]).sorted()
        return InputError(
            path, expected: "\(numbers.map(String.init).joined(separator: " or ")) text encoders", found: "\(found)",
            as: .notAModel)
    }
}
