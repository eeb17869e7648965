#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Random numbers as PyTorch draws them on a GPU (ATen/native/cuda/DistributionTemplates.h): element i belongs to
/// thread i mod `threads`, which has a sequence of its own; each takes four normals of one counter
/// (`curand_normal4`) for its first four elements, and so on.
struct PhiloxNumbers {
    private let philox: Philox
    private let threads: Int

    init(seed: UInt64, threads: Int) {
        precondition(threads > 0, "\(threads) threads")
        philox = Philox(seed: seed)
        self.threads = threads
    }

    func normals(_ count: Int) -> [Float] {
        (0..<count).map { element in
            let (words, place) = words(of: element)
            let (sine, cosine) = Self.boxMuller(words[place / 2 * 2], words[place / 2 * 2 + 1])
            return place % 2 == 0 ? sine : cosine
        }
    }

    /// Uniform words of 32 bits, which whole numbers are drawn from.
    /// - Parameters:
    ///   - count: how many.
    ///   - drawn: how many one launch took before: it used up a counter of every thread for each four of its elements.
    func words(_ count: Int, after drawn: Int) -> [UInt32] {
        let used = drawn == 0 ? 0 : (drawn - 1) / (4 * threads) + 1
        return (0..<count).map { element in
            let (words, place) = words(of: element, after: used)
            return words[place]
        }
    }

    /// The four words of a counter, and which of them is an element's.
    private func words(of element: Int, after used: Int = 0) -> (SIMD4<UInt32>, Int) {
        let (turn, thread) = (element / threads, element % threads)
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: used + turn / 4), 0, UInt32(truncatingIfNeeded: thread),
            UInt32(truncatingIfNeeded: thread >> 32))
        return (philox(counter), turn % 4)
    }

    /// curand's `_curand_box_muller`: one word scaled to (0, 1), the other to (0, 2π).
    private static func boxMuller(_ first: UInt32, _ second: UInt32) -> (sine: Float, cosine: Float) {
        let u = Float(first) * 0x1p-32 + 0x1p-33
        let angle = Float(second) * (0x1p-31 * Float.pi) + 0x1p-32 * Float.pi
        let radius = (-2 * logf(u)).squareRoot()
        return (radius * sinf(angle), radius * cosf(angle))
    }
}
