import TensorFiles

/// Where a tensor of a checkpoint lies; its elements are not read.
package struct TensorLocation: Hashable, Sendable {
    /// The file, behind links.
    package let file: String
    /// The type of the elements in the file.
    package let type: SafetensorsFile.ElementType
    /// Its extents.
    package let shape: [Int]
    /// Bytes from the start of the file.
    package let offset: Int

    /// A tensor at a place in a file.
    package init(file: String, type: SafetensorsFile.ElementType, shape: [Int], offset: Int) {
        self.file = file
        self.type = type
        self.shape = shape
        self.offset = offset
    }

    /// Elements.
    package var count: Int { shape.reduce(1, *) }
    /// Bytes of all elements.
    package var byteCount: Int { count * type.byteCount }

    /// The same elements under another shape.
    package func viewed(as shape: [Int]) -> TensorLocation {
        precondition(shape.reduce(1, *) == count, "a view \(shape) of \(self.shape)")
        return TensorLocation(file: file, type: type, shape: shape, offset: offset)
    }

    /// Some rows of the first axis.
    package func rows(_ range: Range<Int>) -> TensorLocation {
        precondition(
            !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows \(range) of \(shape)")
        let row = shape.dropFirst().reduce(1, *)
        return TensorLocation(
            file: file, type: type, shape: [range.count] + shape.dropFirst(),
            offset: offset + range.lowerBound * row * type.byteCount)
    }
}
