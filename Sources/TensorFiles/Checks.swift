import InputErrors
import Tensors

/// The bytes that elements of `elementSize` bytes in `shape` occupy, or nil when that number does not fit an `Int`.
///
/// An extent of 0 gives 0 bytes, but does not excuse the other extents: their product has to fit as well, so that later
/// arithmetic on strides cannot overflow.
func checkedByteCount(shape: [Int], elementSize: Int) -> Int? {
    var bytes = elementSize
    for extent in shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: max(extent, 1))
        if overflow { return nil }
        bytes = product
    }
    return shape.contains(0) ? 0 : bytes
}

extension Tensor {
    /// Throws when an element is NaN or infinite; the message names `subject` and the first such element's index in
    /// row-major order.
    func requireFinite(_ subject: String) throws {
        try withUnsafeBufferPointer { elements in
            guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
            let value = elements[index].isNaN ? "nan" : "\(elements[index])"
            throw InputError(
                subject, expected: "finite numbers in Float's range", found: "\(value) at index \(index)",
                as: .notFinite)
        }
    }
}
