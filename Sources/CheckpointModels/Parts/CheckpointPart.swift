import Foundation
import InputErrors
import ModelFolders
import Models

/// One network of a checkpoint: its class, its configuration, and where its weights lie. No weights are read.
struct CheckpointPart: Sendable {
    /// The part's folder, or what stands for it in one file.
    let name: String
    /// The last component of its name.
    var label: String { String(name[(name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]) }
    /// The class of diffusers or transformers: `UNet2DConditionModel`.
    let className: String
    /// What `config.json` says, or what shapes of tensors told.
    let fields: [String: ConfigurationValue]
    /// The files of the weights.
    let files: [URL]
    private let lazyWeights: Lazy<CheckpointWeights>

    /// A part of one file.
    init(
        named name: String, className: String, fields: [String: ConfigurationValue], files: [URL],
        weights: @escaping @Sendable () throws -> CheckpointWeights
    ) {
        self.name = name
        self.className = className
        self.fields = fields
        self.files = files
        lazyWeights = Lazy(weights)
    }

    /// A part of one file, whose class its fields name.
    /// - Throws: `InputError` where they do not.
    init(
        named name: String, fields: [String: ConfigurationValue], files: [URL],
        weights: @escaping @Sendable () throws -> CheckpointWeights
    ) throws {
        self.init(
            named: name, className: try Self.className(fields, name), fields: fields, files: files, weights: weights)
    }

    /// A part in a folder of its own.
    /// - Throws: `InputError` for a missing or damaged `config.json`, and where there are no weights.
    init(folder: URL) throws {
        let configuration = folder.appendingPathComponent(Self.configurationFile)
        let fields = try ModelFile.decode([String: ConfigurationValue].self, configuration)
        let files = try WeightFiles.find(in: folder)
        self.init(
            named: folder.path, className: try Self.className(fields, configuration.path), fields: fields, files: files
        ) { try CheckpointWeights(named: folder.path, files: files) }
    }

    static let configurationFile = "config.json"

    /// The configuration, to be asked anew.
    var configuration: NetworkConfiguration {
        NetworkConfiguration(named: "\(name)/\(Self.configurationFile)", fields)
    }

    /// The tensors, found at the first use.
    func weights() throws -> CheckpointWeights { try lazyWeights() }

    /// diffusers writes `_class_name`, transformers a list of `architectures`.
    private static func className(_ fields: [String: ConfigurationValue], _ path: String) throws -> String {
        if case .text(let name)? = fields["_class_name"] { return name }
        if case .list(let names)? = fields["architectures"], case .text(let name)? = names.first { return name }
        throw InputError(
            path, expected: "_class_name or architectures", found: "neither", as: .modelConfiguration)
    }
}
