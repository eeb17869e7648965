import Foundation
import InputErrors
import PRCKeys
import Tensors
import TensorFiles

/// The arrays of a pseudorandom code in an `.npz` file, as the script in docs/schemes/prc.md writes them out of the authors'
/// pickles: checks [r, t], pad [n], test [T], generator (packed bits), noise [1] and sizes [n, k, g, t].
public struct PRCArrays {
    private let path: String
    private let arrays: [String: NpyArray]

    /// The largest file that is read.
    private static let largestFile = 1 << 29

    /// Reads a file.
    /// - Parameter path: of an archive of `numpy.savez`.
    /// - Throws: `InputError` where it is none.
    public init(contentsOf path: String) throws {
        self.path = path
        arrays = try NpyArray.archive(contentsOf: path, limit: Self.largestFile)
    }

    /// The key.
    /// - Parameters:
    ///   - name: for people.
    ///   - latentShape: of the latents.
    ///   - message: its bits, of their number; nil for one that is not known.
    /// - Throws: `InputError` for arrays that are no code for such latents.
    public func key(name: String, latentShape: LatentShape, message: (Int) throws -> [UInt8]?) throws -> PRCKey {
        let sizes = try numbers("sizes")
        guard sizes.count == 4 else { throw refusal("sizes", "n, k, g and t", "\(sizes.count) numbers") }
        let (length, dimension, fresh, weight) = (sizes[0], sizes[1], sizes[2], sizes[3])
        guard length == latentShape.count else {
            throw refusal("sizes", "\(latentShape.count), the elements of \(latentShape)", "\(length)")
        }
        let test = try bits("test")
        guard (0...1 << 13).contains(dimension), (0...dimension).contains(fresh) else {
            throw refusal("sizes", "a payload of up to \(1 << 13) bits", "\(dimension) bits, \(fresh) of them fresh")
        }
        let geometry = try PRCGeometry(
            latentShape: latentShape, checkWeight: weight, messageBits: dimension - fresh - test.count,
            testBits: test.count, subject: path, as: .keyDocument)
        guard fresh == geometry.freshBits else {
            throw refusal("sizes", "\(geometry.freshBits) fresh bits, as the authors have by default", "\(fresh)")
        }
        guard case .float64(let noise)? = arrays["noise"]?.elements, noise.count == 1,
            abs(noise[0] - geometry.errorRate) < 1e-9
        else { throw refusal("noise", "\(geometry.errorRate), as the authors have by default", "another") }
        let packed = try numbers("generator")
        let count = geometry.length * geometry.dimension
        guard packed.count == (count + 7) / 8, packed.allSatisfy({ (0...255).contains($0) }) else {
            throw refusal("generator", "\((count + 7) / 8) bytes", "\(packed.count)")
        }
        let generator = (0..<count).map { index -> UInt8 in
            let (byte, place) = (packed[index / 8], 7 - index % 8)
            return UInt8(byte >> place & 1)
        }
        let code = try PRCCode(
            geometry, checks: numbers("checks"), generator: generator, pad: bits("pad"), testBits: test, subject: path)
        return PRCKey(name: name, code: code, message: try message(geometry.messageBits))
    }

    private func numbers(_ member: String) throws -> [Int] {
        guard case .int64(let numbers)? = arrays[member]?.elements else {
            throw refusal(member, "an array of int64", arrays[member] == nil ? "none" : "another type")
        }
        return numbers.map(Int.init)
    }

    private func bits(_ member: String) throws -> [UInt8] {
        try numbers(member).map { number in
            guard number == 0 || number == 1 else { throw refusal(member, "bits", "\(number)") }
            return UInt8(number)
        }
    }

    private func refusal(_ member: String, _ expected: String, _ found: String) -> InputError {
        InputError("\(path): \(member)", expected: expected, found: found, as: .keyDocument)
    }
}
