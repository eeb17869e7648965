import ArgumentParser
import InputErrors
import KeyDocuments
import PRCKeys
import Tensors

/// The sizes of a new key's pseudorandom code.
struct PRCArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Elements of a parity check of PRC.", valueName: "n"))
    var checkWeight = 3

    @Option(name: .long, help: ArgumentHelp("Bits of a message of PRC.", valueName: "n"))
    var messageBits = 64

    /// As MarkDiffusion has them, for a rate of 1e-9.
    private static let testBits = 30

    /// A new key of the system's random numbers.
    /// - Parameters:
    ///   - name: for people.
    ///   - latentShape: of the latents.
    ///   - message: what it carries; random bits where that says nothing.
    func key(name: String, latentShape: LatentShape, message: ShadingArguments) throws -> PRCKey {
        let geometry = try PRCGeometry(
            latentShape: latentShape, checkWeight: checkWeight, messageBits: messageBits, testBits: Self.testBits,
            subject: "key", as: .invalidSetting)
        let random = (0..<messageBits).map { _ in UInt8.random(in: 0...1) }
        return PRCKey(
            name: name, geometry: geometry, secret: .random(),
            message: message.unknownMessage ? nil : try message.bits(messageBits) ?? random)
    }
}
