import Foundation
import Models
import Tensors

extension ElementType {
    /// Bytes of one element, for the types that a tensor can be turned into; nil for the others.
    var byteCount: Int? {
        switch self {
        case .float32, .int32: 4
        case .int64, .float64: 8
        case .float16: 2
        default: nil
        }
    }

    /// Whether elements are whole numbers.
    var isInteger: Bool { self == .int32 || self == .int64 }

    /// Writes the tensor's elements, converted to this type, to `target`. Integer types take whole numbers only.
    func encode(_ tensor: Tensor, to target: UnsafeMutableRawPointer) {
        tensor.withUnsafeBufferPointer { source in
            switch self {
            case .float16:
                HalfPrecision.round(source, to: target.bindMemory(to: UInt16.self, capacity: source.count))
            case .float64: convert(source, target, Double.init)
            case .int64: convert(source, target, Int64.init)
            case .int32: convert(source, target, Int32.init)
            case .float32: convert(source, target) { $0 }
            default: preconditionFailure("a tensor cannot be fed as \(self)")
            }
        }
    }

    /// The tensor of `shape` whose elements lie at `source` in this type.
    func decode(_ source: UnsafeRawPointer, shape: [Int]) -> Tensor {
        Tensor(shape: shape) { target in
            switch self {
            case .float16:
                HalfPrecision.widen(source.assumingMemoryBound(to: UInt16.self), to: target)
            case .float64:
                let numbers = source.assumingMemoryBound(to: Double.self)
                for i in target.indices { target.initializeElement(at: i, to: Float(numbers[i])) }
            case .float32:
                let numbers = source.assumingMemoryBound(to: Float.self)
                _ = target.initialize(from: UnsafeBufferPointer(start: numbers, count: target.count))
            default: preconditionFailure("\(self) cannot be read as a tensor")
            }
        }
    }

    /// Whether outputs of this type can be read.
    var isDecodable: Bool { self == .float32 || self == .float16 || self == .float64 }

    private func convert<Number>(
        _ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableRawPointer, _ convert: (Float) -> Number
    ) {
        let numbers = target.bindMemory(to: Number.self, capacity: source.count)
        for i in source.indices { (numbers + i).initialize(to: convert(source[i])) }
    }
}
