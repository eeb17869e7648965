#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// PyTorch's generator on a CPU (ATen/CPUGeneratorImpl, ATen/native/cpu/DistributionTemplates.h, 2.x): MT19937, and Box and
/// Muller's normals by blocks of sixteen, or one by one where fewer are asked for.
struct TorchMersenneTwister {
    private static let block = 16
    private var generator: MersenneTwister

    init(seed: UInt64) { generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed)) }

    mutating func normals(_ count: Int, _ precision: TorchNumbers.Precision) -> [Float] {
        let numbers = count < Self.block ? single(count) : blocks(count, drawsAhead: precision == .float32)
        return precision == .float32 ? numbers : numbers.map(precision.rounded)
    }

    /// In double precision, two at a time.
    private mutating func single(_ count: Int) -> [Float] {
        var normals: [Float] = []
        while normals.count < count {
            let angle = 2 * Double.pi * uniform()
            let radius = (-2 * log1p(-uniform())).squareRoot()
            normals.append(Float(radius * cos(angle)))
            normals.append(Float(radius * sin(angle)))
        }
        return Array(normals.prefix(count))
    }

    /// Where the count is no multiple of sixteen the last sixteen numbers are drawn anew.
    /// - Parameter drawsAhead: whether all uniform numbers are drawn before the first block is made, as in single precision.
    private mutating func blocks(_ count: Int, drawsAhead: Bool) -> [Float] {
        let whole = count / Self.block * Self.block
        var numbers = (0..<(drawsAhead ? count : whole)).map { _ in uniform24() }
        numbers += [Float](repeating: 0, count: count - numbers.count)
        for start in stride(from: 0, to: whole, by: Self.block) { Self.normalise(&numbers, from: start) }
        if whole < count {
            for index in count - Self.block..<count { numbers[index] = uniform24() }
            Self.normalise(&numbers, from: count - Self.block)
        }
        return numbers
    }

    /// Uniform numbers u, v, eight of each, become √(-2 ln(1 - u)) · cos 2πv, then … · sin 2πv.
    private static func normalise(_ numbers: inout [Float], from start: Int) {
        for index in start..<start + block / 2 {
            let radius = (-2 * logf(1 - numbers[index])).squareRoot()
            let angle = 2 * Float.pi * numbers[index + block / 2]
            numbers[index] = radius * cosf(angle)
            numbers[index + block / 2] = radius * sinf(angle)
        }
    }

    /// Uniform in [0, 1), 24 bits.
    private mutating func uniform24() -> Float {
        let word: UInt32 = generator.next()
        return Float(word & 0xFF_FFFF) * 0x1p-24
    }

    /// Uniform in [0, 1), 53 bits of two words, the first one above.
    private mutating func uniform() -> Double {
        let high: UInt32 = generator.next()
        let low: UInt32 = generator.next()
        return Double((UInt64(high) << 32 | UInt64(low)) & (1 << 53 - 1)) * 0x1p-53
    }
}
