/// What kind of layer weights are of, which is how they become a matrix.
package enum QuantizedMatrixKind: String, Hashable, Sendable {
    /// `[columns, rows]`, or `[columns, rows, 1, 1]`.
    case linear
    /// `[columns, inputs, height, width]`; the matrix' rows are ordered `(height, width, inputs)`.
    case convolution
}
