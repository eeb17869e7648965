import Foundation
import InputErrors
import Marks
import RingKeys
import Spectra
import Statistics
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Golden data that `Tests/Fixtures/RingKeys/Reference/make_reference.py` made.
enum ReferenceFixtures {
    static func path(_ name: String) -> String { Fixtures.url("RingKeys/Reference/\(name)").path }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: Fixtures.url("RingKeys/Reference/\(name)")))
    }

    static func latent(_ name: String) throws -> Tensor {
        let array = try NpyArray(contentsOf: path(name))
        guard case .float32(let values) = array.elements else {
            throw InputError(name, expected: "f4", found: "other elements", as: .unsupported)
        }
        return Tensor(values, shape: array.shape)
    }

    /// Interleaved real and imaginary parts.
    static func complex(_ array: NpyArray) throws -> [Float] {
        guard case .complex64(let values) = array.elements else {
            throw InputError("array", expected: "c8", found: "other elements", as: .unsupported)
        }
        return values
    }
}

/// What the exact p-value is tested with: images that have nothing to do with any key, and p from a measurement and
/// another key of the same geometry.
enum ReferenceTrials {
    /// `[1, 1, size, size]` each: white noise, noise of amplitude 1/|k|, and a picture of boxes.
    static func latents(size: Int) -> [(name: String, latent: Tensor)] {
        let shape = [1, 1, size, size]
        let white = Tensor(normal: shape, seed: 1)

        let transform = PlaneTransform(height: size, width: size)
        let plane = ComplexPlane(height: size, width: size)
        let source = Tensor(normal: shape, seed: 2).elements
        for i in source.indices { plane[i] = (source[i], 0) }
        transform.forward(plane)
        for i in source.indices {
            let (y, x) = (min(i / size, size - i / size), min(i % size, size - i % size))
            let scale = 1 / max(1, hypotf(Float(y), Float(x)))
            plane[i] = (plane[i].real * scale, plane[i].imaginary * scale)
        }
        transform.inverse(plane)
        let pink = Tensor(source.indices.map { plane[$0].real }, shape: shape)

        let boxes = source.indices.map { i -> Float in
            let (y, x) = (i / size, i % size)
            let isInFirst = (size / 8..<size / 2).contains(y) && (size / 4..<3 * size / 4).contains(x)
            let isInSecond = (size / 3..<size).contains(y) && (size / 5..<size / 3).contains(x)
            return (isInFirst ? 2 : -0.5) + (isInSecond ? 1 : 0)
        }
        return [("white", white), ("1/f", pink), ("boxes", Tensor(boxes, shape: shape))]
    }

    static func key(_ pattern: KeyGeometry.Pattern, size: Int, radius: Int, seed: UInt64) throws -> RingKey {
        try RingKey(
            treeRing: pattern, noise: Tensor(normal: [1, 1, size, size], seed: seed), channel: 0, radius: radius,
            constant: 20, name: "trial", created: Date(timeIntervalSince1970: 0))
    }

    /// The exact test of a measurement against a key's numbers.
    static func log10P(_ statistic: [Double], _ numbers: ArraySlice<Double>) -> Double {
        CosineTest.logPValue(cosine: cosine(statistic, Array(numbers)), dimension: numbers.count) / log(10)
    }
}

extension RingKey {
    /// The reference's figures for this key on one latent.
    func publishedScore(_ latent: Tensor) throws -> PublishedScore {
        try #require(RingReader(geometry).publishedScore(latent, of: self))
    }
}
