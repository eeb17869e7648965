import Files
import Foundation
import InputErrors
import ModelFolders

/// The files of a folder that hold a network's weights, by the names that diffusers and transformers give them: one file, or
/// the shards that an index lists; plain or as a variant (`fp16`, `bf16`, `non_ema`).
package enum WeightFiles {
    /// What files are called before the variant and the extension, the first that is there wins.
    private static let stems = ["diffusion_pytorch_model", "model"]
    /// Variants in the order in which they are taken where there is no plain file.
    private static let variants = ["fp16", "bf16", "fp32", "non_ema"]
    private static let mostShards = 1000

    private struct Index: Decodable {
        let weightMap: [String: String]

        enum CodingKeys: String, CodingKey { case weightMap = "weight_map" }
    }

    /// The files, each there and not empty.
    /// - Throws: `InputError` where there are none, or only such that cannot be read.
    package static func find(in folder: URL) throws -> [URL] {
        func there(_ name: String) throws -> URL? {
            let url = folder.appendingPathComponent(name)
            guard RawPath(url.path).status == nil else { return url }
            guard (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil else { return nil }
            throw InputError(
                url.path, expected: "weights",
                found: "a link to a file that is not there, as of a download that was stopped",
                as: .missing)
        }
        for stem in stems {
            for name in plainThenVariants(stem) {
                if let file = try there(name.file) {
                    _ = try ModelFile.requiredSize(file)
                    return [file]
                }
                for index in name.indices { if let file = try there(index) { return try shards(of: file) } }
            }
        }
        throw missing(folder)
    }

    private static func plainThenVariants(_ stem: String) -> [(file: String, indices: [String])] {
        [("\(stem).safetensors", ["\(stem).safetensors.index.json"])]
            + variants.map {
                (
                    "\(stem).\($0).safetensors",
                    ["\(stem).safetensors.index.\($0).json", "\(stem).\($0).safetensors.index.json"]
                )
            }
    }

    private static func shards(of index: URL) throws -> [URL] {
        let names = Set(try ModelFile.decode(Index.self, index).weightMap.values)
        guard !names.isEmpty, names.count <= mostShards else {
            throw InputError(
                index.path, expected: "a weight_map of 1 to \(mostShards) files", found: "\(names.count)",
                as: .checkpoint)
        }
        return try names.sorted().map { name in
            guard !name.contains("/"), name.hasSuffix(".safetensors") else {
                throw InputError(
                    index.path, expected: "names of .safetensors files beside it", found: name, as: .checkpoint)
            }
            let shard = index.deletingLastPathComponent().appendingPathComponent(name)
            _ = try ModelFile.requiredSize(shard)
            return shard
        }
    }

    private static func missing(_ folder: URL) -> InputError {
        let names = (try? Folder.names(in: folder.path).map(\.text)) ?? []
        let pickled = names.filter { name in [".bin", ".pt", ".pth", ".ckpt"].contains { name.hasSuffix($0) } }.sorted()
        if let pickle = pickled.first {
            return InputError(
                folder.appendingPathComponent(pickle).path, expected: "weights in the safetensors format",
                found: "a Python pickle, which can run any code", as: .pickledModel)
        }
        let others = names.filter { $0.hasSuffix(".safetensors") }.sorted()
        return InputError(
            folder.path, expected: "\(stems[0]).safetensors or \(stems[1]).safetensors, or an index of shards",
            found: others.isEmpty ? "neither" : others.prefix(4).joined(separator: ", "), as: .notAModel)
    }
}
