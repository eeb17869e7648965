import Foundation
import TestSupport
import Verdicts

/// A folder of sample images and the results of auditing it, with the fewest stages, so that tests are fast.
final class AuditFolder {
    static let key = "samples/demo.key.json"
    /// The encoder alone.
    static let fast = ["--key", key, "--steps", "0", "--decoder-inversion", "none", "--decoys", "0"]

    private let folder: TemporaryFolder
    let images: String
    /// The sample model without its UNet, which takes longer to hash than the encoder to load.
    let model: String

    init() throws {
        folder = try TemporaryFolder()
        images = folder.path("images")
        model = folder.path("model")
        let files = FileManager.default
        try files.createDirectory(atPath: images, withIntermediateDirectories: true)
        try files.createDirectory(atPath: model, withIntermediateDirectories: true)
        let grove = Fixtures.repository.appendingPathComponent("samples/grove").path
        func link(_ name: String) throws {
            try files.createSymbolicLink(atPath: "\(model)/\(name)", withDestinationPath: "\(grove)/\(name)")
        }
        try link("model_index.json")
        for part in ["vae_encoder", "vae_decoder", "scheduler", "tokenizer", "text_encoder", "unet"] {
            try files.createDirectory(atPath: "\(model)/\(part)", withIntermediateDirectories: true)
            let names = part == "unet" ? ["config.json"] : try files.contentsOfDirectory(atPath: "\(grove)/\(part)")
            for name in names { try link("\(part)/\(name)") }
        }
        try Data("no graph".utf8).write(to: URL(fileURLWithPath: model + "/unet/model.onnx"))
    }

    func path(_ name: String) -> String { folder.path(name) }

    /// Links `count` names to the sample images, in turn, over two folders.
    func link(_ count: Int) throws {
        let samples = Fixtures.repository.appendingPathComponent("samples/images")
        try FileManager.default.createDirectory(atPath: images + "/sub", withIntermediateDirectories: true)
        for i in 0..<count {
            let sample = samples.appendingPathComponent("\(i % 2 == 0 ? "clean" : "marked")-\(i / 2 % 8 + 1).png").path
            let name = "\(i % 3 == 0 ? "sub/" : "")\(String(format: "%04d", i)).png"
            try FileManager.default.createSymbolicLink(atPath: "\(images)/\(name)", withDestinationPath: sample)
        }
    }

    func write(_ name: String, _ data: Data) throws {
        try data.write(to: URL(fileURLWithPath: images + "/" + name))
    }

    /// `ringkey audit images … -o NAME`.
    func arguments(_ name: String, _ more: [String] = []) -> [String] {
        ["audit", images, "--model", model] + Self.fast + ["-o", path(name)] + more
    }

    /// The lines of a file of results; every one has to be complete.
    func lines(_ name: String) throws -> [AuditLine] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path(name)))
        return try data.split(separator: 0x0A).map { try AuditLine($0) }
    }

    func records(_ name: String) throws -> [AuditRecord] {
        try lines(name).compactMap { line in if case .record(let record) = line { record } else { nil } }
    }

    /// What has to be the same however often an audit was killed.
    func ends(_ name: String) throws -> [String: String] {
        var ends: [String: String] = [:]
        for record in try records(name) {
            let end: String
            switch record.outcome {
            case .verdict(let verdict):
                // Batches of another size may add in another order.
                end = verdict.verdict.rawValue + String(format: " %.3f ", verdict.cosine ?? .nan) + verdict.sha256
            case .failure(let failure): end = failure.code.rawValue
            }
            ends[record.path] = ends[record.path] == nil ? end : "twice"
        }
        return ends
    }
}
