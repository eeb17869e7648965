import Foundation
import Models
import OnnxGraphs
import OnnxSessions
import TensorFiles
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Layers in int8 against NumPy, which rounds the same: what is left are roundings of float32.
@Suite struct QuantizedLayersTests {
    private static let tolerance = 1e-6
    private let folder: TemporaryFolder
    private let golden: SafetensorsFile
    private let weights: CheckpointWeights

    init() throws {
        folder = try TemporaryFolder()
        golden = try SafetensorsFile(contentsOf: Fixtures.url("checkpoints/int8/golden.safetensors").path)
        weights = try CheckpointWeights(
            named: "int8", files: [Fixtures.url("checkpoints/int8/weights.safetensors")])
    }

    /// What is computed from the image, in bands of one row and all at once.
    private func expect(
        _ name: String, like expected: String? = nil, _ shift: String? = nil,
        _ layer: (FeatureMap, GraphValue?, Layers) throws -> FeatureMap
    ) throws {
        let image = try golden.tensor(named: "image")
        let expected = try golden.tensor(named: expected ?? name)
        for band in [1, 1 << 20] {
            let graph = try Int8Graph(weights, size: image.imageSize, largestBand: band, in: folder) { quantization in
                let network = NetworkBuilder(weights, quantization)
                let x = network.imageInput("image", 3)
                let added = try shift.map {
                    network.graph.input($0, .float32, try golden.tensor(named: $0).shape.map { .fixed($0) })
                }
                let y = try layer(x, added, Layers(network))
                #expect(y.layout == .tokens)
                #expect(y.size?.count == expected.shape[1])
                network.graph.output(y.value, "y", .float32, expected.shape.map { .fixed($0) })
                return network.graph.encoded()
            }
            let inputs = try [image] + [shift].compactMap(\.self).map { try golden.tensor(named: $0) }
            expectClose(try graph.session.run(inputs), expected, relative: Self.tolerance, "\(name), band of \(band)")
        }
    }

    @Test func convolutions() throws {
        try expect("plain") { x, _, layers in try layers["conv"].conv(x, 4) }
        try expect("halved") { x, _, layers in try layers["conv"].conv(x, 4, stride: 2) }
        try expect("halved-below") { x, _, layers in
            try layers["conv"].conv(x, 4, stride: 2, padding: [0, 0, 1, 1])
        }
        try expect("point") { x, _, layers in try layers["point"].pointwise(x, 4) }
    }

    @Test func enlargements() throws {
        try expect("doubled") { x, _, layers in try layers["conv"].conv(x, 4, enlargement: .doubled) }
        try expect("enlarged") { x, _, layers in
            let other = FeatureMap(x.value, channels: 3, size: ImageSize(height: 9, width: 13))
            return try layers["conv"].conv(x, 4, enlargement: .toSize(of: other))
        }
    }

    /// As ONNX Runtime does when it runs a graph for any size.
    @Test func refusesImagesBelowTheKernel() throws {
        for (size, padding) in [((1, 5), [0, 0, 1, 1]), ((5, 2), [1, 0, 1, 0])] {
            let size = ImageSize(height: size.0, width: size.1)
            let error = refusal {
                _ = try Int8Graph(weights, size: size, in: folder) { quantization in
                    let network = NetworkBuilder(weights, quantization)
                    _ = try Layers(network)["conv"].conv(
                        network.imageInput("image", 3), 4, stride: 2, padding: padding)
                    return network.graph.encoded()
                }
            }
            #expect(error?.code == .wrongShape)
            #expect(error?.subject == "int8: conv")
            #expect(error?.found == size.description)
        }
    }

    /// A number for each output goes where the bias is.
    @Test func shifts() throws {
        try expect("shifted", "shift") { x, shift, layers in try layers["conv"].conv(x, 4, shift: shift) }
    }

    @Test func linearLayers() throws {
        let tokens = try golden.tensor(named: "tokens")
        for (name, rows) in [("linear", nil), ("rows", 2..<5)] {
            let expected = try golden.tensor(named: name)
            let size = ImageSize(height: 1, width: 1)
            let graph = try Int8Graph(weights, size: size, in: folder) { quantization in
                let network = NetworkBuilder(weights, quantization)
                let x = network.graph.input("x", .float32, tokens.shape.map { .fixed($0) })
                let y = try Layers(network)["linear"].linear(x, 6, 5, rows: rows)
                network.graph.output(y, "y", .float32, expected.shape.map { .fixed($0) })
                return network.graph.encoded()
            }
            expectClose(try graph.session.run([tokens]), expected, relative: Self.tolerance, name)
        }
    }

    /// The norm is float32 in both precisions, and of equal pixels it is the bias.
    @Test func groupNorm() throws {
        let image = try golden.tensor(named: "image")
        let example = try CheckpointCase("AutoencoderKL/sd")
        let norm = "encoder.mid_block.resnets.0.norm1"
        let tensors = try example.weights()
        let channels = try tensors.tensor("\(norm).bias").count
        let count = image.imageSize.count
        let varied = Tensor(
            (0..<channels).flatMap { c in image.elements[..<count].map { $0 * Float(c + 1) + 3 } },
            shape: [1, channels] + image.shape[2...])
        func normalized(_ network: NetworkBuilder) throws -> Data {
            let x = network.imageInput("x", channels)
            let y = try Layers(network)[norm].groupNorm(x, groups: 2, epsilon: 1e-6)
            network.graph.output(
                Layers(network).sequence(y), "y", .float32, [.fixed(1), .fixed(count), .fixed(channels)])
            return network.graph.encoded()
        }
        let graph = try Int8Graph(tensors, size: image.imageSize, in: folder) {
            try normalized(NetworkBuilder(tensors, $0))
        }
        let plain = try Session(graph: normalized(NetworkBuilder(tensors)), named: "float32")
        try expectClose(graph.session.run([varied]), plain.run([varied]), relative: 1e-5)
        // The mean of the squares may be less than the square of the mean, by some rounding.
        for value in stride(from: Float(3.3), to: 3000, by: 97.3) {
            let equal = Tensor([Float](repeating: value, count: varied.elements.count), shape: varied.shape)
            #expect(try graph.session.run([equal]).elements.allSatisfy(\.isFinite), "\(value)")
        }
    }
}
