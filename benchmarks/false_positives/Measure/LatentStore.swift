import Attempts
import Files
import Foundation
import Images
import InputErrors
import Models
import RingkeyKit
import TensorFiles
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
    private let recovery: NoiseRecovery

    init(model path: String, folder: String) throws {
        self.folder = folder
        let model = try OpenModel(path, options: ExecutionOptions(threads: 1))
        recovery = try RecoveryRequest().recovery(model.model)
        for route in routes { try Folder.make(Self.folder(folder, route)) }
    }

    /// The routes that `ringkey verify` takes.
    var routes: [Route] { recovery.settings.routes }

    private static func folder(_ folder: String, _ route: Route) -> String {
        "\(folder)/\("\(route)".replacingOccurrences(of: "/", with: "-"))"
    }

    /// The images of a folder as one route recovers them, read from the store where they are there.
    func group(_ path: String, route: Route) throws -> LatentGroup {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let stored = "\(Self.folder(folder, route))/\(name).safetensors"
        if FileManager.default.fileExists(atPath: stored) {
            let file = try SafetensorsFile(contentsOf: stored)
            return LatentGroup(name: name, latents: try file.names.map { try file.tensor(named: $0) })
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
            $0.hasSuffix(".png") || $0.hasSuffix(".jpg")
        }.sorted()
        guard !names.isEmpty else {
            throw InputError(path, expected: "a folder of images", found: "none", as: .tooFew)
        }
        var latents: [(name: String, tensor: Tensor)] = []
        for start in stride(from: 0, to: names.count, by: Self.batch) {
            let part = names[start..<min(start + Self.batch, names.count)]
            let subjects = try part.map {
                Subject(try ImageFile("\(path)/\($0)").item(limitMegapixels: 100), size: recovery.imageSize)
            }
            var batch = try RecoveryBatch(
                .concatenating(subjects.map { $0.frames[0].pixels }), prompts: subjects.map { _ in nil },
                recovery: recovery, for: route)
            let noise = try batch.recover(Array(subjects.indices), by: route).noise
            latents += part.enumerated().map { ($1, noise.item($0)) }
            FileHandle.standardError.write(Data("\(route) \(name): \(latents.count) of \(names.count)\n".utf8))
        }
        try SafetensorsFile.write(latents, to: stored, overwrite: true)
        return LatentGroup(name: name, latents: latents.map(\.tensor))
    }
}
