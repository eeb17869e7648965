import Foundation
import InputErrors
import ModelFolders
import Models

/// One network of a checkpoint: its class, its configuration, and where its weights lie. No weights are read.
package struct CheckpointPart: Sendable {
    /// The part's folder, or what stands for it in one file.
    package let name: String
    /// The last component of its name.
    package var label: String { String(name[(name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]) }
    /// The class of diffusers or transformers: `UNet2DConditionModel`.
    package let className: String
    /// What `config.json` says, or what shapes of tensors told.
    package let fields: [String: ConfigurationValue]
    /// The files of the weights.
    package let files: [URL]
    private let configurationName: String
    private let lazyWeights: Lazy<CheckpointWeights>

    /// A part of a single file, with the class that its fields name.
    /// - Parameters:
    ///   - name: of the file and the part, for errors.
    ///   - fields: what `config.json` would say.
    ///   - files: the file.
    ///   - weights: the part's tensors.
    /// - Throws: `InputError` where the fields name no class.
    package init(
        named name: String, fields: [String: ConfigurationValue], files: [URL],
        weights: @escaping @Sendable () throws -> CheckpointWeights
    ) throws {
        try self.init(name, fields, configurationName: name, files, weights)
    }

    /// A part in a folder of its own.
    /// - Throws: `InputError` for a missing or damaged `config.json`, and where there are no weights.
    package init(folder: URL) throws {
        let configuration = folder.appendingPathComponent(Self.configurationFile)
        let fields = try ModelFile.decode([String: ConfigurationValue].self, configuration)
        let files = try WeightFiles.find(in: folder)
        try self.init(folder.path, fields, configurationName: configuration.path, files) {
            try CheckpointWeights(named: folder.path, files: files)
        }
    }

    private init(
        _ name: String, _ fields: [String: ConfigurationValue], configurationName: String, _ files: [URL],
        _ weights: @escaping @Sendable () throws -> CheckpointWeights
    ) throws {
        self.name = name
        self.fields = fields
        self.files = files
        self.configurationName = configurationName
        className = try Self.className(fields, configurationName)
        lazyWeights = Lazy(weights)
    }

    package static let configurationFile = "config.json"

    /// The configuration, to be asked anew.
    package var configuration: NetworkConfiguration { NetworkConfiguration(named: configurationName, fields) }

    /// The tensors, found at the first use.
    package func weights() throws -> CheckpointWeights { try lazyWeights() }

    /// diffusers writes `_class_name`, transformers a list of `architectures`.
    private static func className(_ fields: [String: ConfigurationValue], _ path: String) throws -> String {
        if case .text(let name)? = fields["_class_name"] { return name }
        if case .list(let names)? = fields["architectures"], case .text(let name)? = names.first { return name }
        throw InputError(
            path, expected: "_class_name or architectures", found: "neither", as: .modelConfiguration)
    }
}
