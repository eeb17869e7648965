import Foundation
import OnnxModels
import RingKeys
import Tensors

/// What the images and verdicts of a study depend on, kept in the study's folder as `robustness.json`, so that a study is
/// not continued with something else. How many images and which attacks may change.
struct RobustnessSettings: Codable {
    private static let formatName = "ringkey.robustness/1"

    private let format: String
    /// The key's fingerprint.
    private let key: String
    /// SHA-256 of the model.
    private let model: String
    /// Text by flag name.
    private let flags: [String: String]

    init(_ command: RobustnessCommand, key: RingKey, model: ModelFolder) throws {
        format = Self.formatName
        self.key = key.id
        self.model = try model.digest().sha256
        let images = command.images
        let recovery = try command.recovery.described(command.recovery.settings(model.scheduler()))
        var flags = command.detection.described.merging(recovery) { $1 }
        flags["seed"] = "\(command.seed)"
        if let marked = images.marked, let clean = images.clean {
            flags["marked"] = marked
            flags["clean"] = clean
        } else {
            let defaults = try ModelDefaults.of(model.scheduler())
            flags["image-steps"] = "\(images.imageSteps ?? defaults.steps)"
            flags["image-guidance"] = "\(images.imageGuidance ?? defaults.guidance)"
            flags["prompts"] = try images.allPrompts().joined(separator: " | ")
        }
        self.flags = flags
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// - Throws: `InputError` naming the first thing in which the study at `path` was begun with something else.
    func requireAgreement(with path: String) throws {
        let other: RobustnessSettings
        do {
            other = try JSONDecoder().decode(Self.self, from: Data(InputFile.read(path, limit: 1 << 24)))
        } catch let error as DecodingError {
            throw InputError(path, expected: "the settings of a study, \(Self.formatName)", found: "\(error)")
        }
        func compare(_ name: String, _ here: String?, _ there: String?) throws {
            guard here != there else { return }
            throw InputError(
                path, expected: "\(name) \(there ?? "not given"), as this study was begun", found: here ?? "not given")
        }
        try compare("format", format, other.format)
        try compare("key", key, other.key)
        try compare("model", model, other.model)
        for name in Set(flags.keys).union(other.flags.keys).sorted() {
            try compare("--\(name)", flags[name], other.flags[name])
        }
    }
}
