import Models
import OnnxGraphs

extension NetworkBuilder {
    /// The number of items that an input takes: any, or one in an int8 network.
    package var batch: TensorPort.Extent { isQuantized ? .fixed(1) : .dynamic("batch") }

    /// Adds an input `[B, channels, h, w]`: of the network's size, or of any.
    package func imageInput(_ name: String, _ channels: Int) -> FeatureMap {
        FeatureMap(graph.input(name, .float32, imageShape(channels, size)), channels: channels, size: size)
    }

    /// Makes an image an output `[B, channels, h, w]`.
    package func imageOutput(_ map: FeatureMap, _ name: String) {
        precondition(map.layout == .image, "\(name): the last layer of a network is exact")
        graph.output(map.value, name, .float32, imageShape(map.channels, map.size))
    }

    private func imageShape(_ channels: Int, _ size: ImageSize?) -> [TensorPort.Extent] {
        guard let size else { return .image(channels) }
        return [batch, .fixed(channels), .fixed(size.height), .fixed(size.width)]
    }
}

extension [TensorPort.Extent] {
    /// `[B, channels, h, w]` of any size.
    package static func image(_ channels: Int) -> [TensorPort.Extent] {
        [.dynamic("batch"), .fixed(channels), .dynamic("height"), .dynamic("width")]
    }
}
