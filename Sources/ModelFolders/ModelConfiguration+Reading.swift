import Foundation
import InputErrors
import Models
import NoiseSchedules

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

extension ModelConfiguration.Scheduler {
    /// What the UNet returns.
    /// - Throws: `InputError` naming `path` for a type that is not known.
    func prediction(_ path: String) throws -> PredictionType {
        guard let predictionType else { return className?.hasPrefix("FlowMatch") == true ? .flow : .epsilon }
        guard let type = PredictionType(rawValue: predictionType) else {
            let known = PredictionType.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError(
                path, expected: "a prediction_type of \(known)", found: predictionType, as: .modelConfiguration)
        }
        return type
    }
}
