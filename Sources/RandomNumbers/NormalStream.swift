import Foundation

/// Standard normal numbers at a few nanoseconds each: the ziggurat of Marsaglia and Tsang (2000) with 128 layers, from
/// `SeededGenerator`. Exactly normal up to 24 bits of resolution.
package struct NormalStream {
    private static let layers = 128
    /// Start of the tail, and the area of each layer.
    private static let tail = 3.442619855899
    private static let area = 9.91256303526217e-3

    /// Right edge of each layer, and the fraction of it that lies wholly below the curve.
    private let edges: [Float]
    private let inside: [Float]
    private var generator: SeededGenerator

    /// The stream that a seed determines, the same on every machine but for the last place of `log` and `exp`.
    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        func density(_ x: Double) -> Double { exp(-x * x / 2) }
        var x = [Self.area / density(Self.tail), Self.tail]
        while x.count < Self.layers {
            let last = x[x.count - 1]
            x.append((-2 * log(Self.area / last + density(last))).squareRoot())
        }
        x.append(0)
        edges = x.map { Float($0) }
        inside = (0..<Self.layers).map { Float(x[$0 + 1] / x[$0]) }
    }

    /// The next `count` numbers.
    package mutating func next(_ count: Int) -> [Double] {
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(buffer, count: count)
            initialized = count
        }
        return values.map(Double.init)
    }

    /// The same numbers as `next`, as single-precision ones into memory that is already there.
    package mutating func fill(_ buffer: UnsafeMutableBufferPointer<Float>, count: Int) {
        inside.withUnsafeBufferPointer { inside in
            edges.withUnsafeBufferPointer { edges in
                for i in 0..<count { buffer[i] = next(edges, inside) }
            }
        }
    }

    private mutating func next(_ edges: UnsafeBufferPointer<Float>, _ inside: UnsafeBufferPointer<Float>) -> Float {
        while true {
            let bits = generator.next()
            let layer = Int(bits & 127)
            // A signed fraction of 25 bits, never the same bits as the layer's.
            let fraction = Float(Int32(truncatingIfNeeded: Int64(bitPattern: bits) >> 39)) * 0x1p-24
            if abs(fraction) < inside[layer] { return fraction * edges[layer] }
            if let value = edge(layer, fraction, edges) { return value }
        }
    }

    /// The rare cases: the tail, and the wedge between a layer's rectangle and the curve.
    private mutating func edge(_ layer: Int, _ fraction: Float, _ edges: UnsafeBufferPointer<Float>) -> Float? {
        if layer == 0 {
            while true {
                let x = -log(generator.nextUniform()) / Self.tail
                let y = -log(generator.nextUniform())
                if 2 * y > x * x { return Float(fraction < 0 ? -(Self.tail + x) : Self.tail + x) }
            }
        }
        let x = Double(fraction) * Double(edges[layer])
        let (outer, inner) = (Double(edges[layer]), Double(edges[layer + 1]))
        let (low, high) = (exp(-outer * outer / 2), exp(-inner * inner / 2))
        return low + generator.nextUniform() * (high - low) < exp(-x * x / 2) ? Float(x) : nil
    }
}
