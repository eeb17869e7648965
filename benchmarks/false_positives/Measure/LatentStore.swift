import DecoderInversion
import Diffusion
import Foundation
import Images
import OnnxModels
import RingKeys
import Tensors
import Verification

/// Images of one kind and their recovered noise.
struct LatentGroup {
    let name: String
    /// `[1, C, h, w]` each, by the images' names.
    let latents: [Tensor]
}

/// Takes folders of images back to noise, with the settings that `ringkey verify` has, and keeps the results in files.
struct LatentStore {
    private static let batch = 8
    private let folder: String
    private let model: ModelFolder
    private let recovery: NoiseRecovery

    /// The looks that `ringkey verify` takes.
    static let looks = "none/0,none/5,anderson:4/10"

    init(model path: String, folder: String) throws {
        self.folder = folder
        model = try ModelFolder(URL(fileURLWithPath: path), options: ExecutionOptions(threads: 1))
        let scheduler = try SchedulerConfiguration(
            data: InputFile.read(model.schedulerConfiguration.path, limit: 1 << 20),
            named: model.schedulerConfiguration.path)
        recovery = try NoiseRecovery(
            autoencoder: model.autoencoder, predictor: model.noisePredictor, textEncoder: model.textEncoder,
            schedule: scheduler.schedule, settings: .init(looks: Look.list(parsing: Self.looks)))
        for look in recovery.settings.looks {
            try FileManager.default.createDirectory(
                atPath: Self.folder(folder, look), withIntermediateDirectories: true)
        }
    }

    /// The looks.
    var looks: [Look] { recovery.settings.looks }

    private static func folder(_ folder: String, _ look: Look) -> String {
        "\(folder)/\("\(look)".replacingOccurrences(of: "/", with: "-"))"
    }

    /// The images of a folder as one look recovers them, read from the store where they are there.
    func group(_ path: String, look: Look) throws -> LatentGroup {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let stored = "\(Self.folder(folder, look))/\(name).safetensors"
        if FileManager.default.fileExists(atPath: stored) {
            let file = try SafetensorsFile(contentsOf: stored)
            return LatentGroup(name: name, latents: try file.names.map { try file.tensor(named: $0) })
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
            $0.hasSuffix(".png") || $0.hasSuffix(".jpg")
        }.sorted()
        guard !names.isEmpty else { throw InputError(path, expected: "a folder of images", found: "none") }
        var latents: [(name: String, tensor: Tensor)] = []
        for start in stride(from: 0, to: names.count, by: Self.batch) {
            let part = names[start..<min(start + Self.batch, names.count)]
            let subjects = try part.map {
                try Subject(path: "\(path)/\($0)", imageSize: model.imageSize, limitMegapixels: 100)
            }
            var batch = try RecoveryBatch(
                .concatenating(subjects.map(\.pixels)), prompts: subjects.map { _ in nil }, recovery: recovery)
            let noise = try batch.recover(Array(subjects.indices), by: look).inverted.noise
            latents += part.enumerated().map { ($1, noise.item($0)) }
            FileHandle.standardError.write(Data("\(look) \(name): \(latents.count) of \(names.count)\n".utf8))
        }
        try SafetensorsFile.write(latents, to: stored, overwrite: true)
        return LatentGroup(name: name, latents: latents.map(\.tensor))
    }
}
