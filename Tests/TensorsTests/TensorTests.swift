import Foundation
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Arithmetic and reductions against NumPy, and the value semantics of the storage.
@Suite struct TensorTests {
    private let x: Tensor
    private let y: Tensor
    private let z: Tensor

    init() throws {
        x = try Tensor(npy: fixture("x-2x3x5x7.npy"))
        y = try Tensor(npy: fixture("y-2x3x5x7.npy"))
        z = try Tensor(npy: fixture("z-2x3x5x7.npy"))
    }

    /// Both sides sum in Double in the same order and round once, so they agree to the bit.
    @Test func combinationsEqualNumPy() throws {
        let two = try Tensor(npy: fixture("combination-of-2.npy"))
        let three = try Tensor(npy: fixture("combination-of-3.npy"))
        #expect(Tensor.combination((0.3, x), (-1.7, y)).elements == two.elements)
        #expect(Tensor.combination((0.3, x), (-1.7, y), (2.9, z)).elements == three.elements)
        #expect(Tensor.combination((0.3, x), (-1.7, y), (2.9, z)).shape == [2, 3, 5, 7])
    }

    @Test func operatorsAreExactToOneRounding() {
        let (a, b) = (x.elements, y.elements)
        #expect((x + y).elements == zip(a, b).map { Float(Double($0) + Double($1)) })
        #expect((x - y).elements == zip(a, b).map { Float(Double($0) - Double($1)) })
        #expect((-2.5 * x).elements == a.map { Float(-2.5 * Double($0)) })
        #expect(x.mapped { $0 * $0 }.elements == a.map { $0 * $0 })
    }

    /// NumPy sums pairwise and we in order: 210 terms, so within 210 roundings of Double.
    @Test func reductionsEqualNumPy() throws {
        let golden = try JSONDecoder().decode([String: Double].self, from: fixtureData("reductions.json"))
        func expect(_ value: Double, _ name: String) throws {
            let expected = try #require(golden[name])
            #expect(abs(value - expected) <= 1e-13 * x.squaredNorm, "\(name): \(value), expected \(expected)")
        }
        try expect(x.dot(y), "dot")
        try expect(x.squaredNorm, "squaredNorm")
        try expect(x.mean, "mean")
        try expect(x.standardDeviation, "standardDeviation")
        try expect(x.normalisedErrorDecibels(to: y), "decibels")
    }

    /// 2²⁴ + 1 is lost in Float and kept in Double.
    @Test func reductionsAccumulateInDouble() {
        let tensor = Tensor([16_777_216, 1, -16_777_216], shape: [3])
        let ones = Tensor([1, 1, 1], shape: [3])
        #expect(tensor.dot(ones) == 1)
        #expect(tensor.mean == 1.0 / 3)
        #expect(
            Tensor.combination(
                (1, Tensor([16_777_216], shape: [1])), (1, Tensor([1], shape: [1])),
                (-1, Tensor([16_777_216], shape: [1]))
            ).elements == [1])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func noticesWhatIsNotFinite(value: Float) {
        var tensor = x
        #expect(tensor.isFinite)
        tensor.withUnsafeMutableBufferPointer { $0[209] = value }
        #expect(!tensor.isFinite)
        #expect(x.isFinite)
    }

    @Test func emptyAndScalarTensors() {
        #expect(Tensor(zeros: [0, 3]).mean.isNaN)
        #expect(Tensor(zeros: [0, 3]).squaredNorm == 0)
        #expect(Tensor(zeros: [0, 3]).isFinite)
        #expect(Tensor([4], shape: []).mean == 4)
        #expect(Tensor([4], shape: []).standardDeviation == 0)
    }

    @Test func copiesShareUntilOneIsWritten() {
        let original = Tensor([1, 2, 3], shape: [3])
        var copy = original
        let reshaped = original.reshaped([3, 1])
        func address(_ tensor: Tensor) -> UnsafePointer<Float>? { tensor.withUnsafeBufferPointer(\.baseAddress) }
        #expect(address(copy) == address(original))
        #expect(address(reshaped) == address(original))
        copy.withUnsafeMutableBufferPointer { $0[0] = 9 }
        #expect(copy.elements == [9, 2, 3])
        #expect(original.elements == [1, 2, 3])
        #expect(reshaped.elements == [1, 2, 3])
        let before = address(copy)
        copy.withUnsafeMutableBufferPointer { $0[1] = 8 }
        #expect(address(copy) == before, "a tensor of its own is written in place")
    }

    @Test(arguments: [[], [0], [3], [1000, 7]]) func memoryIsAligned(shape: [Int]) {
        let address = Tensor(zeros: shape).withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
        #expect(address != 0)
        #expect(address % 64 == 0)
    }

    @Test func batchesSplitAndJoin() {
        let elements = x.elements
        #expect(x.batch == 2)
        #expect(x.item(1).shape == [1, 3, 5, 7])
        #expect(x.item(1).elements == Array(elements[105...]))
        #expect(x.items(0..<2).elements == elements)
        #expect(x.items(1..<1).shape == [0, 3, 5, 7])
        let joined = Tensor.concatenating([x.item(1), x.items(0..<0), x])
        #expect(joined.shape == [3, 3, 5, 7])
        #expect(joined.elements == Array(elements[105...]) + elements)
        #expect(Tensor.concatenating([x.items(0..<0)]).shape == [0, 3, 5, 7])
        #expect(Tensor(zeros: [0, 4]).items(0..<0).shape == [0, 4])
    }

    @Test func latentShapes() {
        let shape = LatentShape(channels: 4, height: 5, width: 7)
        #expect(shape.count == 140)
        #expect(shape.planeCount == 35)
        #expect(shape.tensorShape(batch: 3) == [3, 4, 5, 7])
        #expect("\(shape)" == "4x5x7")
    }
}
