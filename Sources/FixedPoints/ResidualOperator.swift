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
    ///   - items: the items that the points belong to.
    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor]
}
