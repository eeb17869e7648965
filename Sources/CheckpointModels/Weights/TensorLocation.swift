import TensorFiles

/// Where a tensor of a checkpoint lies; its elements are not read.
struct TensorLocation: Hashable, Sendable {
    /// The file, behind links.
    let file: String
    /// The type of the elements in the file.
    let type: SafetensorsFile.ElementType
    /// Its extents.
    let shape: [Int]
    /// Bytes from the start of the file.
    let offset: Int

    /// Elements.
    var count: Int { shape.reduce(1, *) }
    /// Bytes of all elements.
    var byteCount: Int { count * type.byteCount }

    /// The same elements under another shape.
    func viewed(as shape: [Int]) -> TensorLocation {
        precondition(shape.reduce(1, *) == count, "a view \(shape) of \(self.shape)")
        return TensorLocation(file: file, type: type, shape: shape, offset: offset)
    }

    /// Some rows of the first axis.
    func rows(_ range: Range<Int>) -> TensorLocation {
        precondition(
            !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows \(range) of \(shape)")
        let row = shape.dropFirst().reduce(1, *)
        return TensorLocation(
            file: file, type: type, shape: [range.count] + shape.dropFirst(),
            offset: offset + range.lowerBound * row * type.byteCount)
    }
}
