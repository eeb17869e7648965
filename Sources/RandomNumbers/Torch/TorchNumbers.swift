#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Random numbers as PyTorch draws them on a fresh generator, `torch.randn(count, generator=…, device=…, dtype=…)`.
/// A mark whose key is a seed is known by them alone.
public enum TorchNumbers {
    /// The precision of the numbers.
    public enum Precision: String, Sendable, CaseIterable, Codable {
        /// 24 bits.
        case float32
        /// 11 bits.
        case float16
        /// 8 bits.
        case bfloat16

        func rounded(_ number: Float) -> Float {
            switch self {
            case .float32: number
            case .float16: Float(Float16(number))
            case .bfloat16: Self.bfloat16(number)
            }
        }

        /// To the nearest, ties to even.
        private static func bfloat16(_ number: Float) -> Float {
            let bits = number.bitPattern
            return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
        }
    }

    /// A device's generator.
    public enum Device: Sendable, Equatable {
        /// MT19937, the seed's lower 32 bits.
        case cpu
        /// Philox4x32-10. `threads` is how many run in one launch, which is a matter of the GPU's model (256 × blocks that fit
        /// each multiprocessor × multiprocessors; 40,960 on a T4, 221,184 on an A100): a tensor of more elements
        /// takes several numbers of each.
        case cuda(threads: Int)

        /// More than the elements of any latent of 512 × 512 pixels; an A100 has so many.
        public static let usualThreads = 221_184
    }

    /// Standard normal numbers: `torch.randn`.
    /// - Parameters:
    ///   - count: elements of the tensor, at least 0.
    ///   - seed: as `manual_seed` takes it; a negative one stands for its 64 bits.
    ///   - device: whose generator.
    ///   - precision: of the tensor.
    /// - Returns: the elements in order. On a CPU they differ from PyTorch's by a few units in the last place, since its
    ///   logarithms and sines are others.
    public static func normals(
        _ count: Int, seed: UInt64, device: Device, precision: Precision = .float32
    ) -> [Float] {
        precondition(count >= 0, "\(count) numbers")
        switch device {
        case .cpu:
            var generator = TorchMersenneTwister(seed: seed)
            return generator.normals(count, precision)
        case .cuda(let threads):
            return PhiloxNumbers(seed: seed, threads: threads).normals(count).map(precision.rounded)
        }
    }

    /// Coins: `torch.randint(0, 2, …)`.
    /// - Parameters:
    ///   - count: elements of the tensor, at least 0.
    ///   - seed: as `manual_seed` takes it.
    ///   - device: whose generator.
    ///   - drawn: how many the generator gave in one call before.
    public static func bits(_ count: Int, seed: UInt64, device: Device, after drawn: Int = 0) -> [UInt8] {
        precondition(count >= 0 && drawn >= 0, "\(count) bits after \(drawn)")
        switch device {
        case .cpu:
            var generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
            return Array(
                (0..<drawn + count).map { _ in
                    let word: UInt32 = generator.next()
                    return UInt8(word & 1)
                }.dropFirst(drawn))
        case .cuda(let threads):
            return PhiloxNumbers(seed: seed, threads: threads).words(count, after: drawn).map { UInt8($0 & 1) }
        }
    }
}
