extension Tensor {
    /// The extent of the first axis.
    public var batch: Int {
        precondition(!shape.isEmpty, "a scalar has no batch axis")
        return shape[0]
    }

    /// Items `range` along the first axis, copied, the axis kept.
    public func items(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= batch, "items \(range) of a batch of \(batch)")
        let stride = batch == 0 ? 0 : count / batch
        return withUnsafeBufferPointer { source in
            Tensor(
                source[range.lowerBound * stride..<range.upperBound * stride], shape: [range.count] + shape.dropFirst())
        }
    }

    /// Item `index` along the first axis, copied, as a batch of one.
    public func item(_ index: Int) -> Tensor { items(index..<index + 1) }

    /// Joins tensors along the first axis; the other axes must agree.
    public static func concatenating(_ tensors: [Tensor]) -> Tensor {
        precondition(!tensors.isEmpty, "nothing to concatenate")
        let rest = tensors[0].shape.dropFirst()
        for tensor in tensors {
            precondition(tensor.shape.dropFirst() == rest, "cannot join \(tensor.shape) to \(tensors[0].shape)")
        }
        return Tensor(shape: [tensors.reduce(0) { $0 + $1.batch }] + rest) { target in
            var offset = 0
            for tensor in tensors {
                tensor.withUnsafeBufferPointer { source in
                    _ = UnsafeMutableBufferPointer(rebasing: target[offset...]).initialize(from: source)
                }
                offset += tensor.count
            }
        }
    }
}
