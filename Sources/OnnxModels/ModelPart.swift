import Foundation
import Tensors

/// The parts of a model folder; the raw value is the folder's name.
public enum ModelPart: String, CaseIterable, Sendable, Codable {
    case unet
    case vaeEncoder = "vae_encoder"
    case vaeDecoder = "vae_decoder"
    case textEncoder = "text_encoder"
    case tokenizer
    case scheduler

    /// Parts that are graphs.
    public static let graphs: [ModelPart] = [.unet, .vaeEncoder, .vaeDecoder, .textEncoder]

    /// The files that the part cannot do without.
    var requiredFiles: [String] {
        switch self {
        case .unet, .vaeEncoder, .vaeDecoder, .textEncoder: ["model.onnx", "config.json"]
        case .tokenizer: ["vocab.json", "merges.txt", "tokenizer_config.json"]
        case .scheduler: ["scheduler_config.json"]
        }
    }
}

/// Files of a model folder, refused with their path and what is there instead.
enum ModelFile {
    /// The size in bytes of a regular file that is not empty, behind links.
    static func requiredSize(_ url: URL) throws -> Int {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw InputError(url.path, expected: "a file", found: "nothing")
        }
        guard !isDirectory.boolValue else { throw InputError(url.path, expected: "a file", found: "a directory") }
        let path = url.resolvingSymlinksInPath().path
        let size = try (FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
        guard let size, size > 0 else { throw InputError(url.path, expected: "a file with content", found: "0 bytes") }
        return size
    }

    /// The content of a small file.
    static func read(_ url: URL, limit: Int = 64 << 20) throws -> Data {
        let size = try requiredSize(url)
        guard size <= limit else {
            throw InputError(url.path, expected: "at most \(limit) bytes", found: "\(size) bytes")
        }
        do { return try Data(contentsOf: url) } catch {
            throw InputError(url.path, expected: "a readable file", found: "\(error.localizedDescription)")
        }
    }

    /// A JSON file as the type that describes it.
    static func decode<Value: Decodable>(_ type: Value.Type, _ url: URL) throws -> Value {
        let data = try read(url)
        let decoder = JSONDecoder()
        // Python writes infinities as bare words, as in the schedulers of DPM-Solvers.
        decoder.allowsJSON5 = true
        do { return try decoder.decode(type, from: data) } catch let error as DecodingError {
            throw InputError(url.path, expected: expectation(error), found: finding(error))
        }
    }

    private static func expectation(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "a field \(key.stringValue)"
        case .typeMismatch(let type, let context): "\(type) for \(path(context))"
        case .valueNotFound(let type, let context): "\(type) for \(path(context))"
        default: "valid JSON"
        }
    }

    private static func finding(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound: "none"
        case .typeMismatch: "another type"
        case .valueNotFound: "null"
        case .dataCorrupted(let context): context.debugDescription
        @unknown default: "\(error)"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty ? "the document" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
