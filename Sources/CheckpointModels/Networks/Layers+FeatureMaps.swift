import InputErrors
import Models
import OnnxGraphs

/// Layers of images. In an int8 network images become tokens where a layer wants them so, and stay that until another wants
/// them as images.
extension Layers {
    /// What an image may be enlarged to before a convolution, by its nearest pixels.
    package enum Enlargement {
        /// Each pixel four times.
        case doubled
        /// The size of another image.
        case toSize(of: FeatureMap)
    }

    /// `Conv2d` of a square kernel.
    /// - Parameters:
    ///   - padding: above, left, below and right of the image.
    ///   - shift: added to each pixel, `[B or 1, outputs]`.
    ///   - enlargement: of `x`, before.
    ///   - isExact: whether it is float32 in every precision.
    package func conv(
        _ x: FeatureMap, _ outputs: Int, kernel: Int = 3, stride: Int = 1, padding: [Int] = [1, 1, 1, 1],
        bias: Bool = true, shift: GraphValue? = nil, enlargement: Enlargement? = nil, isExact: Bool = false
    ) throws -> FeatureMap {
        let size = enlargedSize(x, enlargement)
        let geometry = size.flatMap { enlarged in
            x.size.map {
                GatheredConvolution(source: $0, enlarged: enlarged, kernel: kernel, stride: stride, padding: padding)
            }
        }
        if let geometry, !geometry.isPossible {
            throw InputError(
                "\(network.weights.name): \(prefix)", expected: "an image as large as its kernel of \(kernel)",
                found: "\(geometry.enlarged)", as: .wrongShape)
        }
        let names = (weight: name("weight"), bias: bias ? name("bias") : nil)
        if let geometry, network.isQuantized, !isExact {
            let y = try network.conv(tokens(x).value, names.weight, names.bias, x.channels, outputs, shift, geometry)
            return FeatureMap(y, channels: outputs, size: geometry.output, layout: .tokens)
        }
        let y = try network.conv(
            enlarged(image(x).value, enlargement), names.weight, names.bias, x.channels, outputs, kernel: kernel,
            stride: stride, padding: padding)
        let shifted = shift.map { add(y, reshape($0, [-1, outputs, 1, 1])) }
        return FeatureMap(shifted ?? y, channels: outputs, size: geometry?.output)
    }

    /// `Conv2d` of one pixel.
    /// - Parameter isExact: whether it is float32 in every precision.
    package func pointwise(_ x: FeatureMap, _ outputs: Int, isExact: Bool = false) throws -> FeatureMap {
        try conv(x, outputs, kernel: 1, padding: [0, 0, 0, 0], isExact: isExact)
    }

    /// `GroupNorm` with scale and bias (Wu and He 2018).
    package func groupNorm(_ x: FeatureMap, groups: Int, epsilon: Float) throws -> FeatureMap {
        guard groups > 0, x.channels % groups == 0 else {
            throw InputError(
                "\(network.weights.name): \(prefix)", expected: "channels in \(groups) groups", found: "\(x.channels)",
                as: .modelConfiguration)
        }
        if network.isQuantized, let size = x.size {
            return try normalizedTokens(tokens(x), pixels: size.count, groups: groups, epsilon: epsilon)
        }
        return try normalizedImage(x, groups: groups, epsilon: epsilon)
    }

    /// x·σ(x).
    package func silu(_ x: FeatureMap) -> FeatureMap { x.mapped(silu) }

    /// x + y, of one shape.
    package func add(_ x: FeatureMap, _ y: FeatureMap) -> FeatureMap {
        let (x, y) = (tokensIfEither([x, y])[0], tokensIfEither([x, y])[1])
        return x.with(add(x.value, y.value))
    }

    /// The channels of several images of one size one behind the other.
    package func concatenate(_ maps: [FeatureMap]) -> FeatureMap {
        let maps = tokensIfEither(maps)
        let value = concatenate(maps.map(\.value), axis: maps[0].layout == .image ? 1 : 2)
        return FeatureMap(
            value, channels: maps.reduce(0) { $0 + $1.channels }, size: maps[0].size, layout: maps[0].layout)
    }

    /// The pixels as a sequence, `[B, h·w, C]`.
    package func sequence(_ x: FeatureMap) -> GraphValue {
        switch x.layout {
        case .image: transpose(reshape(x.value, [0, x.channels, -1]), [0, 2, 1])
        case .tokens: x.value
        }
    }

    /// `[B, h·w, C]` as the pixels of an image like another.
    package func image(_ sequence: GraphValue, like x: FeatureMap) -> FeatureMap {
        switch x.layout {
        case .image: x.with(graph.node("Reshape", [transpose(sequence, [0, 2, 1]), graph.node("Shape", [x.value])]))
        case .tokens: x.with(sequence)
        }
    }

    // MARK: - Layouts

    private func tokens(_ x: FeatureMap) -> FeatureMap {
        guard x.layout == .image else { return x }
        return FeatureMap(network.tokens(x), channels: x.channels, size: x.size, layout: .tokens)
    }

    private func image(_ x: FeatureMap) -> FeatureMap {
        guard x.layout == .tokens, let size = x.size else { return x }
        let image = reshape(transpose(x.value, [0, 2, 1]), [0, x.channels, size.height, size.width])
        return FeatureMap(image, channels: x.channels, size: size)
    }

    private func tokensIfEither(_ maps: [FeatureMap]) -> [FeatureMap] {
        maps.contains { $0.layout == .tokens } ? maps.map(tokens) : maps
    }

    // MARK: - Enlarging

    private func enlargedSize(_ x: FeatureMap, _ enlargement: Enlargement?) -> ImageSize? {
        switch enlargement {
        case nil: x.size
        case .doubled: x.size.map { ImageSize(height: 2 * $0.height, width: 2 * $0.width) }
        case .toSize(let other): other.size
        }
    }

    private func enlarged(_ x: GraphValue, _ enlargement: Enlargement?) -> GraphValue {
        let attributes: [String: GraphAttribute] = [
            "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
            "nearest_mode": .string("floor"),
        ]
        switch enlargement {
        case nil: return x
        case .doubled: return graph.node("Resize", [x, nil, graph.floats([1, 1, 2, 2], [4])], attributes)
        case .toSize(let other):
            let size = concatenate(
                [
                    graph.node("Shape", [x], ["start": .int(0), "end": .int(2)]),
                    graph.node("Shape", [image(other).value], ["start": .int(2), "end": .int(4)]),
                ], axis: 0)
            return graph.node("Resize", [x, nil, nil, size], attributes)
        }
    }

    // MARK: - Norms

    private func normalizedImage(_ x: FeatureMap, groups: Int, epsilon: Float) throws -> FeatureMap {
        let channels = x.channels
        let grouped = reshape(x.value, [0, groups, -1])
        let ones = graph.floats([Float](repeating: 1, count: groups), [groups])
        let zeros = graph.floats([Float](repeating: 0, count: groups), [groups])
        let normal = graph.node("InstanceNormalization", [grouped, ones, zeros], ["epsilon": .float(epsilon)])
        let back = graph.node("Reshape", [normal, graph.node("Shape", [x.value])])
        let scale = try network.float(name("weight"), [channels], as: [channels, 1, 1])
        let bias = try network.float(name("bias"), [channels], as: [channels, 1, 1])
        return x.with(add(multiply(back, scale), bias))
    }

    /// Means over pixels are products with a row of equal numbers, which no reduction over the middle axis is as fast as.
    private func normalizedTokens(
        _ x: FeatureMap, pixels: Int, groups: Int, epsilon: Float
    ) throws -> FeatureMap {
        let (channels, each) = (x.channels, x.channels / groups)
        let average = network.average(of: pixels)
        func mean(_ values: GraphValue) -> GraphValue {
            let ofChannels = reshape(graph.node("MatMul", [average, values]), [1, groups, each])
            return graph.node("ReduceMean", [ofChannels], ["axes": .ints([2])])
        }
        let center = mean(x.value)
        let spread = graph.node("Sub", [mean(multiply(x.value, x.value)), multiply(center, center)])
        // Of equal pixels the difference is rounding, which may be below 0.
        let variance = add(graph.node("Max", [spread, graph.number(0)]), graph.number(epsilon))
        let factor = graph.node("Reciprocal", [graph.node("Sqrt", [variance])])
        let scale = multiply(factor, try network.float(name("weight"), [channels], as: [1, groups, each]))
        let bias = try network.float(name("bias"), [channels], as: [1, groups, each])
        let offset = graph.node("Sub", [bias, multiply(center, scale)])
        let flat = [1, 1, channels]
        return x.with(add(multiply(x.value, reshape(scale, flat)), reshape(offset, flat)))
    }
}
