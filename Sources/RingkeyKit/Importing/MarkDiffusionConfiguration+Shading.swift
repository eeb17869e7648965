import Cryptography
import Foundation
import InputErrors
import KeyDocuments
import Marks
import RandomNumbers
import SeedKeys
import ShadingKeys

extension MarkDiffusionConfiguration {
    private struct Shading: Decodable {
        let channelCopies: Double
        let planeCopies: Double
        let messageSeed: Double
        let isEncrypted: Bool
        let keySeed: Double?
        let nonceSeed: Double?

        enum CodingKeys: String, CodingKey {
            case channelCopies = "channel_copy"
            case planeCopies = "hw_copy"
            case messageSeed = "wm_key"
            case isEncrypted = "chacha"
            case keySeed = "chacha_key_seed"
            case nonceSeed = "chacha_nonce_seed"
        }
    }

    /// `GS`: message and pad by PyTorch's coins on the pipeline's device, key and nonce of ChaCha20 by Python's `random`.
    func shading(_ context: ImportContext) throws -> any MarkKey {
        let members = try members(Shading.self)
        let plane = try whole(members.planeCopies, "hw_copy")
        let geometry = try ShadingGeometry(
            copies: .init(channels: whole(members.channelCopies, "channel_copy"), rows: plane, columns: plane),
            latentShape: context.latentShape, subject: path, as: .keyDocument)
        let seed = try seed(members.messageSeed, "wm_key")
        let message = TorchNumbers.bits(geometry.messageLength, seed: seed, device: context.device)
        let stream: ShadingKey.Stream
        let seedBits: Int
        if members.isEncrypted {
            guard let keySeed = members.keySeed, let nonceSeed = members.nonceSeed else {
                throw InputError(
                    path, expected: "chacha_key_seed and chacha_nonce_seed", found: "a key that is nowhere written",
                    as: .keyDocument)
            }
            let seeds = try (
                key: self.seed(keySeed, "chacha_key_seed"), nonce: self.seed(nonceSeed, "chacha_nonce_seed")
            )
            // Python's generator takes all bits of a seed.
            seedBits = [seeds.key, seeds.nonce].reduce(0) { $0 + ($1 <= UInt64(UInt32.max) ? 32 : 64) }
            var key = PythonGenerator(seed: seeds.key)
            var nonce = PythonGenerator(seed: seeds.nonce)
            let secret = Secret(SecretBytes(count: Secret.length) { $0.copyBytes(from: key.bytes(Secret.length)) })
            stream = .chaCha20(secret, nonce: nonce.bytes(ShadingKey.nonceLength))
        } else {
            seedBits = SeedNoise.seedBits(seed, device: context.device)
            stream = .pad(
                TorchNumbers.bits(
                    context.latentShape.count, seed: seed, device: context.device, after: geometry.messageLength))
        }
        return ShadingKey(name: context.name, geometry: geometry, stream: stream, message: message, seedBits: seedBits)
    }
}
