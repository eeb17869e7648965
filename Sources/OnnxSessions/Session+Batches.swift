import InputErrors
import Models
import Tensors

extension Session {
    private static let largestBatch = 1024

    /// Runs `body` on all items at once where the first axis of input `port` is dynamic or just as long, and otherwise on
    /// as many items at a time as the graph was exported for; the last group is filled up with copies of its last item.
    /// - Parameters:
    ///   - tensors: of one batch extent, at least one item.
    ///   - most: items that go through a graph of any batch at once; nil for all of them.
    /// - Throws: `InputError` for a graph of batches that nobody has the memory for, and what `body` throws.
    func inBatches(
        _ tensors: [Tensor], of port: TensorPort, most: Int? = nil, _ body: ([Tensor]) throws -> Tensor
    ) throws -> Tensor {
        let count = tensors[0].batch
        let isFixed = port.extent(0).map { $0 > 0 } ?? false
        guard isFixed || most.map({ $0 < count }) ?? false else { return try body(tensors) }
        let size = isFixed ? port.extent(0) ?? 1 : most ?? count
        guard size != count else { return try body(tensors) }
        guard size <= Self.largestBatch else {
            throw InputError(
                "\(path): input \(port.name)", expected: "batches of at most \(Self.largestBatch)", found: "\(size)",
                as: .modelGraph)
        }
        let groups = try stride(from: 0, to: count, by: size).map { start in
            let range = start..<min(start + size, count)
            let filled = tensors.map { tensor in
                let items = tensor.items(range)
                let missing = isFixed ? size - range.count : 0
                return missing == 0
                    ? items
                    : .concatenating([items] + [Tensor](repeating: items.item(range.count - 1), count: missing))
            }
            return try body(filled).items(0..<range.count)
        }
        return .concatenating(groups)
    }
}
