import Dispatch
import Foundation
import KeyRings
import Marks
import RandomNumbers

/// Times of looking for every key of a ring, as JSON: key-rings RING
@main
struct Main {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else { throw Usage() }
        let path = CommandLine.arguments[1]
        // A second opening: the file is in memory, as the model of a running service is.
        _ = try KeyRing(contentsOf: path).bank()
        let before = residentKilobytes()
        let (opening, opened) = try seconds { try KeyRing(contentsOf: path).bank() }
        guard let bank = opened?.bank else { throw Usage() }
        let dimension = bank.makeReader().dimension
        let readings = (0..<32).map { seed in
            var normals = NormalStream(seed: UInt64(seed))
            return normals.next(dimension)
        }
        let (first, _) = seconds { bank.best(3, of: [readings[0]], twoSided: false) }
        let one = median { bank.best(3, of: [readings[0]], twoSided: false) }
        let many = median { bank.best(3, of: readings, twoSided: false) }
        let result = [
            "keys": Double(bank.count), "numbers": Double(dimension), "opening_seconds": opening,
            "first_seconds": first, "one_seconds": one, "thirty_two_seconds": many,
            "resident_megabytes": Double(residentKilobytes() - before) / 1e3,
            "matrix_megabytes": Double(bank.count) * Double((dimension + 63) / 64 * 64 + 8) / 1e6,
            "bandwidth_gigabytes": bandwidth(), "cores": Double(ProcessInfo.processInfo.activeProcessorCount),
        ]
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    private struct Usage: Error, CustomStringConvertible {
        let description = "key-rings RING, a key ring with derived keys"
    }

    private static func seconds<Value>(_ body: () throws -> Value) rethrows -> (Double, Value) {
        let start = ContinuousClock.now
        let value = try body()
        return ((ContinuousClock.now - start) / .seconds(1), value)
    }

    private static func median<Value>(_ body: () -> Value) -> Double {
        (0..<7).map { _ in seconds(body).0 }.sorted()[3]
    }

    /// What reading a gigabyte on all cores comes to, in GB/s.
    private static func bandwidth() -> Double {
        let (words, cores) = (1 << 27, ProcessInfo.processInfo.activeProcessorCount)
        let memory = UnsafeMutableBufferPointer<SIMD8<UInt64>>.allocate(capacity: words / 8)
        memory.initialize(repeating: SIMD8(repeating: 1))
        nonisolated(unsafe) let shared = memory
        let time = median {
            DispatchQueue.concurrentPerform(iterations: cores) { core in
                var sums = SIMD8<UInt64>(repeating: 0)
                for index in core * shared.count / cores..<(core + 1) * shared.count / cores { sums &+= shared[index] }
                precondition(sums[0] > 0, "an empty sum")
            }
        }
        memory.deallocate()
        return Double(8 * words) / time / 1e9
    }

    private static func residentKilobytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(whereSeparator: \.isNewline).first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}
