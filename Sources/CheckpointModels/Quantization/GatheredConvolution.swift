import Models

/// Which pixels a convolution sees. The image may be enlarged before it, by the nearest pixels, which costs nothing here.
package struct GatheredConvolution: Hashable {
    /// The image's size.
    package let source: ImageSize
    /// Its size after it was enlarged.
    package let enlarged: ImageSize
    /// Of the kernel, both ways.
    package let kernel: Int
    /// Pixels from one output to the next.
    package let stride: Int
    /// Above, left, below and right of the image.
    package let padding: [Int]

    /// Whether the image, padding included, is as large as the kernel.
    package var isPossible: Bool {
        min(enlarged.height + padding[0] + padding[2], enlarged.width + padding[1] + padding[3]) >= kernel
    }

    /// The size of what is made.
    package var output: ImageSize {
        ImageSize(
            height: (enlarged.height + padding[0] + padding[2] - kernel) / stride + 1,
            width: (enlarged.width + padding[1] + padding[3] - kernel) / stride + 1)
    }

    /// Whether each output is made of the one pixel in its place.
    package var isPointwise: Bool { kernel == 1 && stride == 1 && padding == [0, 0, 0, 0] && source == enlarged }

    /// The token that is taken for what is outside the image: one more than there are pixels.
    package var outside: Int { source.count }

    /// The first token of each row that an output row sees; `outside` for one that is not there.
    package func row(_ output: Int) -> [Int] {
        taps(output, before: padding[0], source.height, enlarged.height).map { $0.map { $0 * source.width } ?? outside }
    }

    /// Each column that an output column sees; `outside` for one that is not there.
    package func column(_ output: Int) -> [Int] {
        taps(output, before: padding[1], source.width, enlarged.width).map { $0 ?? outside }
    }

    private func taps(_ output: Int, before: Int, _ source: Int, _ enlarged: Int) -> [Int?] {
        (0..<kernel).map { tap in
            let place = output * stride + tap - before
            return (0..<enlarged).contains(place) ? place * source / enlarged : nil
        }
    }
}
