import InputErrors
import Tensors

/// How far two tensors lie apart, on the scale of the second.
struct Comparison: Encodable {
    /// The larger one's name in the file of expected outputs.
    let output: String
    /// max |a - b| / max |b|.
    let largest: Double
    /// ‖a - b‖ / ‖b‖.
    let norm: Double

    /// - Throws: `InputError` for tensors of two shapes.
    init(_ output: String, _ ours: Tensor, _ theirs: Tensor) throws {
        guard ours.shape == theirs.shape else {
            throw InputError(output, expected: "shape \(theirs.shape)", found: "\(ours.shape)", as: .wrongShape)
        }
        var (apart, extent, apartSquared, extentSquared) = (0.0, 0.0, 0.0, 0.0)
        for (a, b) in zip(ours.elements, theirs.elements) {
            let difference = Double(a) - Double(b)
            apart = max(apart, abs(difference))
            extent = max(extent, abs(Double(b)))
            apartSquared += difference * difference
            extentSquared += Double(b) * Double(b)
        }
        self.output = output
        largest = apart / extent
        norm = (apartSquared / extentSquared).squareRoot()
    }
}
