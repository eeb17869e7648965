import Foundation
import InputErrors
import KeyDocuments
import Tensors

/// The sizes of a pseudorandom code (Gunn, Zhao and Song, ICLR 2025, arXiv 2410.07369) over a latent's elements.
public struct PRCGeometry: Sendable, Hashable {
    /// The latents: n elements.
    public let latentShape: LatentShape
    /// Elements of a parity check, t of the paper.
    public let checkWeight: Int
    /// Bits of a message.
    public let messageBits: Int
    /// Bits of the key that every codeword carries.
    public let testBits: Int

    /// The weights that are read.
    public static let weights = 2...16
    /// The lengths of messages that are read, in bits.
    public static let messageLengths = 1...2048
    /// The numbers of test bits that are read.
    public static let testLengths = 0...256
    /// Elements of the largest latent that is read.
    static let mostElements = 1 << 18

    /// - Parameters:
    ///   - latentShape: of the latents.
    ///   - checkWeight: t.
    ///   - messageBits: of a message.
    ///   - testBits: of the key.
    ///   - subject: names the source in errors.
    ///   - code: of the error.
    /// - Throws: `InputError` for what is no such code, or is too large.
    public init(
        latentShape: LatentShape, checkWeight: Int, messageBits: Int, testBits: Int, subject: String,
        as code: InputError.Code
    ) throws {
        try KeyDocument.require(latentShape, subject: "\(subject): latent", as: code)
        func require(_ number: Int, in range: ClosedRange<Int>, _ member: String) throws {
            guard range.contains(number) else {
                throw InputError(
                    "\(subject): \(member)", expected: "\(range.lowerBound) to \(range.upperBound)",
                    found: "\(number)", as: code)
            }
        }
        try require(latentShape.count, in: 64...Self.mostElements, "elements of the latent")
        try require(checkWeight, in: Self.weights, "check weight")
        try require(messageBits, in: Self.messageLengths, "message bits")
        try require(testBits, in: Self.testLengths, "test bits")
        self.latentShape = latentShape
        self.checkWeight = checkWeight
        self.messageBits = messageBits
        self.testBits = testBits
        guard checkCount >= dimension else {
            throw InputError(
                "\(subject): latent", expected: "at least \(2 * dimension + freshBits) elements for so long a message",
                found: "\(latentShape.count)", as: code)
        }
    }

    /// n: elements of a latent.
    public var length: Int { latentShape.count }

    /// g: bits that are drawn anew for each mark; ⌊log₂ of the number of checks that there are⌋.
    public var freshBits: Int {
        let ways = (0..<checkWeight).reduce(0.0) { $0 + log2(Double(length - $1) / Double($1 + 1)) }
        return Int(ways)
    }

    /// k: test bits, fresh bits and the message's.
    public var dimension: Int { testBits + freshBits + messageBits }

    /// r: parity checks.
    public var checkCount: Int { length - dimension - freshBits }

    /// The chance that a mark's element has the other sign than its codeword.
    public var errorRate: Double { 1 - exp2(-1 / Double(freshBits)) }
}
