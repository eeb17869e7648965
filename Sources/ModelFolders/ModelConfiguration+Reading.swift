import Foundation
import InputErrors
import Models

extension ModelConfiguration {
    /// Reads the parts' files of a folder.
    /// - Throws: `InputError` naming a file that is missing or damaged, or where encoder and decoder differ.
    init(folder url: URL) throws {
        func decode<Value: Decodable>(_ type: Value.Type, _ part: ModelPart, _ name: String) throws -> Value {
            try ModelFile.decode(type, ModelFolder.file(url, part, name))
        }
        let encoder = try decode(Vae.self, .vaeEncoder, "config.json")
        let decoder = try decode(Vae.self, .vaeDecoder, "config.json")
        guard encoder == decoder else {
            throw InputError(
                ModelFolder.file(url, .vaeDecoder, "config.json").path, expected: "the autoencoder of vae_encoder",
                found: "another one", as: .modelConfiguration)
        }
        self.init(
            index: try ModelFile.decode(Index.self, url.appendingPathComponent("model_index.json")),
            unet: try decode(Unet.self, .unet, "config.json"), vae: decoder,
            text: try decode(Text.self, .textEncoder, "config.json"),
            scheduler: try decode(Scheduler.self, .scheduler, ModelFolder.schedulerFile))
    }
}
