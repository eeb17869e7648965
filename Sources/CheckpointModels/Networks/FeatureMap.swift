import Models
import OnnxGraphs

/// An image inside a network that is being built, with some number of channels. How it lies is the matter of `Layers`: a
/// network reads the same in every precision.
package struct FeatureMap: Sendable {
    /// The order of the axes.
    package enum Layout: Sendable {
        /// `[B, C, h, w]`: float32 networks.
        case image
        /// `[B, h·w, C]`: int8 networks, whose convolutions are products of matrices.
        case tokens
    }

    /// The numbers.
    package let value: GraphValue
    /// C.
    package let channels: Int
    /// h and w; nil in a graph for any size.
    package let size: ImageSize?
    package let layout: Layout

    /// An image.
    package init(_ value: GraphValue, channels: Int, size: ImageSize? = nil, layout: Layout = .image) {
        self.value = value
        self.channels = channels
        self.size = size
        self.layout = layout
    }

    /// Its numbers each by itself changed.
    package func mapped(_ change: (GraphValue) throws -> GraphValue) rethrows -> FeatureMap {
        with(try change(value))
    }

    /// Other numbers in its place.
    package func with(_ value: GraphValue) -> FeatureMap {
        FeatureMap(value, channels: channels, size: size, layout: layout)
    }
}
