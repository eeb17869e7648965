import Files
import Foundation
import InputErrors
import KeyRings
import Marks

/// What the images and verdicts of a study depend on, kept in the study's folder as `robustness.json`, so that a study is
/// not continued with something else. How many images and which attacks may change.
struct RobustnessSettings: Codable {
    private static let formatName = "ringkey.robustness/1"

    private let format: String
    /// The key's fingerprint; of several keys the first one's.
    private let key: String
    /// All fingerprints; nil for a single key.
    private let keys: [String]?
    /// SHA-256 of the model.
    private let model: String
    /// Text by the name of the setting.
    private let flags: [String: String]

    init(
        _ request: RobustnessStudy.Request, keys: [any MarkKey], banks: [any KeyBank], model: OpenModel
    ) throws {
        format = Self.formatName
        let all = (keys.map(\.identity) + banks.map(\.identity)).map(\.id)
        key = all[0]
        self.keys = all.count > 1 ? all : nil
        self.model = try model.identity().digest
        let recovery = try request.recovery.recovery(model.model)
        var flags = request.detection.described.merging(try request.recovery.described(recovery)) { $1 }
        let rings = banks.compactMap { ($0 as? RingBank)?.ring.digest() }
        if !rings.isEmpty { flags["keyrings"] = rings.joined(separator: ", ") }
        flags["seed"] = "\(request.seed)"
        switch request.images {
        case .given(let marked, let clean):
            flags["marked"] = marked
            flags["clean"] = clean
        case .made(let prompts, let steps, let guidance):
            let defaults = ImageDefaults.of(try model.model.scheduler())
            flags["image-steps"] = "\(steps ?? defaults.steps)"
            flags["image-guidance"] = "\(guidance ?? defaults.guidance)"
            flags["prompts"] = prompts.joined(separator: " | ")
        }
        self.flags = flags
    }

    private var shownKeys: String { (keys ?? [key]).joined(separator: " ") }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// - Throws: `InputError` naming the first thing in which the study at `path` was begun with something else.
    func requireAgreement(with path: String) throws {
        let other = try JSONReader.decode(
            RobustnessSettings.self, from: InputFile.read(path, limit: 1 << 24), named: path, as: .damaged)
        func compare(_ name: String, _ here: String?, _ there: String?) throws {
            guard here != there else { return }
            throw InputError(
                path, expected: "\(name) \(there ?? "not given"), as when this study was begun",
                found: here ?? "not given",
                as: .resultsMismatch)
        }
        try compare("format", format, other.format)
        try compare("key", shownKeys, other.shownKeys)
        try compare("model", model, other.model)
        for name in Set(flags.keys).union(other.flags.keys).sorted() {
            try compare(name, flags[name], other.flags[name])
        }
    }
}
