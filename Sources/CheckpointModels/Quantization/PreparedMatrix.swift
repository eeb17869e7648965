/// A layer's weights as a matrix of 8 bit integers that stands to the right of a product, with a scale for each column.
package struct PreparedMatrix: Hashable {
    /// The layer's weights as they are stored.
    package let location: TensorLocation
    /// The order of the stored elements.
    package let kind: QuantizedMatrixKind

    package init(_ location: TensorLocation, _ kind: QuantizedMatrixKind) {
        let shape = location.shape
        let isLinear = shape.count == 2 || shape.count == 4 && shape[2...] == [1, 1]
        precondition(kind == .linear ? isLinear : shape.count == 4, "weights of shape \(shape) of a \(kind) layer")
        self.location = location
        self.kind = kind
    }

    /// The layer's outputs.
    package var columns: Int { location.shape[0] }
    /// Numbers that one output is a sum over.
    package var rows: Int { location.shape.dropFirst().reduce(1, *) }
    /// Stored elements of one output that belong to one input.
    package var taps: Int { kind == .linear ? 1 : location.shape[2] * location.shape[3] }

    /// The matrix' row that an element of an output belongs to.
    /// - Parameter element: its place among the stored elements of the output.
    package func row(of element: Int) -> Int {
        let taps = taps
        return taps == 1 ? element : element % taps * location.shape[1] + element / taps
    }
}
