import Tensors
import Testing

/// Expects every element of `actual` to be within `absolute + relative·max|expected|` of its partner, and reports the
/// worst one otherwise. The relative tolerance is taken on the largest expected magnitude, so that elements near zero
/// are judged on the scale of the whole. Two empty collections are no comparison, and fail.
package func expectClose<Number: BinaryFloatingPoint>(
    _ actual: some Collection<Number>, _ expected: some Collection<Number>,
    relative: Double = 0, absolute: Double = 0, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(comment) \(actual.count) elements, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    guard !expected.isEmpty else {
        Issue.record("\(comment) nothing to compare", sourceLocation: sourceLocation)
        return
    }
    let scale = expected.reduce(0.0) { max($0, abs(Double($1))) }
    let tolerance = absolute + relative * scale
    var worst = (index: 0, actual: 0.0, expected: 0.0, error: -1.0)
    for (index, (a, e)) in zip(actual, expected).enumerated() {
        let error = abs(Double(a) - Double(e))
        if worst.error.isNaN { break }
        if !(error <= worst.error) { worst = (index, Double(a), Double(e), error) }
    }
    if !(worst.error <= tolerance) {
        Issue.record(
            """
            \(comment) element \(worst.index) is \(worst.actual), expected \(worst.expected): \
            off by \(worst.error), allowed \(tolerance)
            """, sourceLocation: sourceLocation)
    }
}

/// Expects two tensors of one shape to agree element by element.
package func expectClose(
    _ actual: Tensor, _ expected: Tensor, relative: Double = 0, absolute: Double = 0, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual.shape == expected.shape, sourceLocation: sourceLocation)
    expectClose(
        actual.elements, expected.elements, relative: relative, absolute: absolute, comment,
        sourceLocation: sourceLocation)
}
