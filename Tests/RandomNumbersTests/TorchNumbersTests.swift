import Foundation
import RandomNumbers
import TestSupport
import Testing

/// The generators of PyTorch against its own numbers (Tests/Fixtures/RandomNumbers/make_torch.py).
@Suite struct TorchNumbersTests {
    private struct Case: Decodable {
        let seed: UInt64
        let count: Int
        let precision: TorchNumbers.Precision
        /// The first and the last elements; all where there are few.
        let first: [Double]
        let last: [Double]
    }

    private func cases() throws -> [Case] {
        let file = Fixtures.url("RandomNumbers/torch_cpu.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    @Test func theProcessorsNumbersArePyTorchs() throws {
        let cases = try cases()
        #expect(cases.count >= 30)
        for golden in cases {
            let numbers = TorchNumbers.normals(
                golden.count, seed: golden.seed, device: .cpu, precision: golden.precision
            ).map(Double.init)
            // In half precision a last place of the logarithm may decide how a number is rounded.
            let tolerance =
                switch golden.precision {
                case .float32: 2e-6
                case .float16: 2e-3
                case .bfloat16: 1.6e-2
                }
            expectClose(numbers.prefix(golden.first.count), golden.first, absolute: tolerance)
            expectClose(numbers.suffix(golden.last.count), golden.last, absolute: tolerance)
        }
    }

    /// The output that the description of rng_philox.py (stable-diffusion-webui) gives for seed 0, which many programs were
    /// held against, and PyTorch on a GPU with it.
    @Test func theGPUsNumbersAreTheKnownOnes() {
        let known: [Double] = [
            -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709,
            -1.07454231, -0.36314407, -1.67105067, 2.26550497,
        ]
        let numbers = TorchNumbers.normals(
            12, seed: 0, device: .cuda(threads: TorchNumbers.Device.usualThreads))
        expectClose(numbers.map(Double.init), known, absolute: 1e-6)
        let halves = TorchNumbers.normals(12, seed: 0, device: .cuda(threads: 12), precision: .float16)
        #expect(halves == numbers.map { Float(Float16($0)) })
    }

    /// The known answers of Random123 (kat_vectors, philox4x32 10).
    @Test func philoxGivesTheKnownAnswers() {
        let pi = SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344)
        #expect(
            Philox(seed: 0)(.zero) == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        #expect(
            Philox(seed: .max)(SIMD4(repeating: .max)) == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        #expect(
            Philox(seed: 0x299F_31D0_A409_3822)(pi) == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }

    /// More elements than threads: each thread goes on with the next of its four normals, then with the next counter.
    @Test func aSmallGPUTakesSeveralNumbersOfEachThread() {
        let large = TorchNumbers.normals(10, seed: 7, device: .cuda(threads: 1000))
        let small = TorchNumbers.normals(25, seed: 7, device: .cuda(threads: 5))
        #expect(Array(small.prefix(5)) == Array(large.prefix(5)))
        #expect(Set(small).count == 25)
        for thread in 0..<5 {
            let words = Philox(seed: 7)(SIMD4(0, 0, UInt32(thread), 0))
            let next = Philox(seed: 7)(SIMD4(1, 0, UInt32(thread), 0))
            let expected = [(words[0], words[1]), (words[2], words[3]), (next[0], next[1])].flatMap { pair in
                let radius = (-2 * log((Double(pair.0) + 0.5) * 0x1p-32)).squareRoot()
                let angle = (Double(pair.1) + 0.5) * 0x1p-31 * Double.pi
                return [radius * sin(angle), radius * cos(angle)]
            }
            let own = stride(from: thread, to: 25, by: 5).map { Double(small[$0]) }
            expectClose(own, Array(expected.prefix(5)), absolute: 1e-5)
        }
    }
}
