import Cryptography
import Files
import Foundation
import KeyDocuments
import RingKeys

/// Derives the own numbers of many keys of a ring one after another, without memory of its own for each: the same numbers as
/// `KeyRing.ownKey(at:)` has.
struct KeyDeriver: ~Copyable {
    private let extracted: SecretBytes
    private let salt = Array(KeyDocument.formatName.utf8)
    private let context: [UInt8]
    private let scratch: UnsafeMutableRawBufferPointer
    private let dimension: Int

    /// - Parameters:
    ///   - ring: whose keys.
    ///   - dimension: own numbers of a key.
    init(_ ring: KeyRing, dimension: Int) {
        extracted = ring.extracted
        context = Array(ring.ownGeometry.canonicalText.utf8) + [1]
        self.dimension = dimension
        scratch = .allocate(byteCount: 96 + NormalKeystream.length(dimension), alignment: 16)
    }

    deinit {
        if let start = scratch.baseAddress { explicit_bzero(start, scratch.count) }
        scratch.deallocate()
    }

    /// The numbers of a label's key.
    /// - Parameters:
    ///   - label: of the key.
    ///   - numbers: all of them are written.
    func write(_ label: String, to numbers: UnsafeMutableBufferPointer<Double>) {
        precondition(numbers.count == dimension, "\(numbers.count) numbers for \(dimension)")
        func part(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer { .init(rebasing: scratch[range]) }
        let (secret, pseudorandom, key) = (part(0..<32), part(32..<64), part(64..<96))
        let info = Array("key \(label)".utf8) + [1]
        extracted.withUnsafeBytes { extracted in
            info.withUnsafeBytes { Sodium.hmacSHA256($0, key: extracted, into: secret) }
        }
        salt.withUnsafeBytes { Sodium.hmacSHA256(UnsafeRawBufferPointer(secret), key: $0, into: pseudorandom) }
        context.withUnsafeBytes { Sodium.hmacSHA256($0, key: UnsafeRawBufferPointer(pseudorandom), into: key) }
        let stream = part(96..<scratch.count)
        Sodium.chaCha20(key: UnsafeRawBufferPointer(key), into: stream)
        NormalKeystream.write(UnsafeRawBufferPointer(stream), to: numbers)
    }
}
