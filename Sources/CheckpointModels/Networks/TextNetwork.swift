import Foundation

/// A class of text encoders, over whose tensors graphs can be built.
package protocol TextNetwork: Sendable {
    /// The numbers of a token in a hidden state.
    var width: Int { get }
    /// The numbers of a whole text; nil for a class that has none.
    var pooledWidth: Int? { get }

    /// The name that an output has in the graph.
    func name(of output: TextOutput) -> String

    /// `input_ids` `[B, tokens]` to the outputs that are wanted, in this order.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit, wanted or not.
    func graph(_ weights: CheckpointWeights, outputs: [TextOutput]) throws -> Data
}
