import ArgumentParser
import Cryptography
import Files
import Foundation
import InputErrors
import KeyDocuments
import ShadingKeys

/// The key stream of an existing key of Gaussian Shading. Digits are read from files: a command line is seen by others.
struct ChaChaArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "File with the 64 hexadecimal digits, or the 32 bytes, of a key of Gaussian Shading's ChaCha20.",
            valueName: "file"))
    var chachaKey: String?

    @Option(name: .long, help: ArgumentHelp("Its nonce, 24 hexadecimal digits.", valueName: "digits"))
    var chachaNonce: String?

    func validate() throws {
        if (chachaKey == nil) != (chachaNonce == nil) {
            throw ValidationError("--chacha-key and --chacha-nonce go together")
        }
    }

    /// Nil where none was given.
    func stream() throws -> ShadingKey.Stream? {
        guard let chachaKey, let chachaNonce else { return nil }
        let content = try PrivateFile.read(chachaKey, limit: 1 << 12)
        let nonce = try ShadingKey.bytes(
            chachaNonce, count: ShadingKey.nonceLength, subject: "--chacha-nonce", as: .invalidSetting)
        let secret = try content.withUnsafeBytes { bytes -> Secret in
            if bytes.count == Secret.length {
                return Secret(SecretBytes(count: Secret.length) { $0.copyMemory(from: bytes) })
            }
            let digits = bytes.reversed().drop { $0 <= UInt8(ascii: " ") }.reversed()
            guard let secret = Secret(digits: Array(digits)) else {
                throw InputError(
                    chachaKey, expected: "64 hexadecimal digits or 32 bytes", found: "\(bytes.count) other bytes",
                    as: .keyDocument)
            }
            return secret
        }
        return .chaCha20(secret, nonce: nonce)
    }
}
