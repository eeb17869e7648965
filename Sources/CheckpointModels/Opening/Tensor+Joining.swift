import InputErrors
import Tensors

extension Tensor {
    /// Hidden states `[B, tokens, width]` or vectors `[B, width]` of several encoders side by side, `[…, all widths]`.
    /// - Throws: `InputError` for other numbers of tokens.
    package static func joiningWidths(_ states: [Tensor]) throws -> Tensor {
        let rows = states[0].shape.dropLast()
        for state in states where state.shape.dropLast() != rows {
            throw InputError(
                "hidden states of the text encoders", expected: "\(rows) tokens from each",
                found: "\(state.shape.dropLast())", as: .modelConfiguration)
        }
        return joining(states, axis: rows.count)
    }

    /// Hidden states `[B, tokens, width]` one behind the other, `[B, all tokens, width]`.
    package static func joiningTokens(_ states: [Tensor]) -> Tensor { joining(states, axis: 1) }

    private static func joining(_ parts: [Tensor], axis: Int) -> Tensor {
        let outer = parts[0].shape[..<axis]
        let inner = parts[0].shape[(axis + 1)...]
        precondition(
            parts.allSatisfy { $0.shape[..<axis] == outer && $0.shape[(axis + 1)...] == inner },
            "shapes \(parts.map(\.shape)) along axis \(axis)")
        let rows = outer.reduce(1, *)
        let runs = parts.map { $0.shape[axis...].reduce(1, *) }
        let total = runs.reduce(0, +)
        let extent = parts.reduce(0) { $0 + $1.shape[axis] }
        return Tensor(shape: outer + [extent] + inner) { target in
            var start = 0
            for (part, run) in zip(parts, runs) {
                part.withUnsafeBufferPointer { source in
                    for row in 0..<rows {
                        for column in 0..<run {
                            target.initializeElement(at: row * total + start + column, to: source[row * run + column])
                        }
                    }
                }
                start += run
            }
        }
    }
}
