import Cryptography
import Foundation
import InputErrors
import KeyDocuments
import RandomNumbers
import Tensors

extension PRCKey {
    /// Gives every element of each item the sign that it has in a codeword. Its magnitude stays, so that the noise stays normal.
    /// The codeword's fresh bits and errors come from the key and from the item's own noise, so that the same noise is marked
    /// the same way and other noise in another; MarkDiffusion's seeds make one codeword.
    /// - Throws: `InputError` for a key without message.
    public func embed(into noise: inout Tensor) throws {
        precondition(
            noise.shape == latentShape.tensorShape(batch: noise.batch), "a key for \(latentShape) in \(noise.shape)")
        guard let message else {
            throw InputError(
                "key \(name)", expected: "a message to mark with", found: "a key that reads any message",
                as: .keyMismatch)
        }
        let (batch, length) = (noise.batch, geometry.length)
        noise.withUnsafeMutableBufferPointer { elements in
            for item in 0..<batch {
                let own = UnsafeMutableBufferPointer(rebasing: elements[item * length..<(item + 1) * length])
                for (index, sign) in signs(of: message, for: UnsafeBufferPointer(own)).enumerated() {
                    own[index] = abs(own[index]) * sign
                }
            }
        }
    }

    private func signs(of message: [UInt8], for noise: UnsafeBufferPointer<Float>) -> [Float] {
        let (fresh, errors) = draws(for: noise)
        let codeword = code.codeword(code.testBits + fresh + message)
        return (0..<geometry.length).map { (codeword[$0] ^ code.pad[$0] == 1) != errors[$0] ? -1 : 1 }
    }

    /// Fresh bits and errors of one mark.
    private func draws(for noise: UnsafeBufferPointer<Float>) -> (fresh: [UInt8], errors: [Bool]) {
        let (count, rate) = (geometry.freshBits, geometry.errorRate)
        switch source {
        case .seeds(let seeds):
            var (bits, coins) = (PCG64(seed: seeds.payload), NumPyLegacyGenerator(seed: seeds.errors))
            return (bits.bits(count), coins.bernoulli(geometry.length, probability: rate))
        case .secret(let secret): return draws(secret, noise)
        case .arrays(let code):
            var hash = SHA256()
            hash.update(code.pad)
            code.generator.withUnsafeBytes { hash.update($0) }
            return draws(Secret(SecretBytes(count: Secret.length) { $0.copyBytes(from: hash.finish()) }), noise)
        }
    }

    private func draws(_ secret: Secret, _ noise: UnsafeBufferPointer<Float>) -> (fresh: [UInt8], errors: [Bool]) {
        var hash = SHA256()
        hash.update(UnsafeRawBufferPointer(noise))
        let item = hash.finish().hexadecimal
        var draws = KeyedDraws(secret, "errors \(item)")
        let limit = Int(geometry.errorRate * 0x1p53)
        return (
            KeyedDraws.bits(geometry.freshBits, secret, "fresh \(item)"),
            (0..<geometry.length).map { _ in draws.below(1 << 53) < limit }
        )
    }
}
