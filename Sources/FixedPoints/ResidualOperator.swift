import Tensors

/// T, whose zero is looked for, on a batch of items that have nothing to do with each other.
public protocol ResidualOperator {
    /// z_0 of each item, finite; of any one shape, `[1, C, h, w]` as a rule.
    var starts: [Tensor] { get }
    /// What residuals are relative to, above 0, for each item.
    var scales: [Double] { get }

    /// T at one point of each of some items.
    /// - Parameters:
    ///   - points: one of each item, of its shape.
    ///   - items: positions in `starts` of the items that the points belong to, ascending.
    /// - Returns: T of each point, of its shape; it may have NaN or infinite elements, which end that item's iteration.
    /// - Throws: what ends the iteration of every item.
    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor]
}
