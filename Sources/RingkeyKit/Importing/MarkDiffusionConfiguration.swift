import Files
import Foundation
import InputErrors
import Marks

/// A configuration file of MarkDiffusion (1.0.2): a JSON object whose `algorithm_name` says which scheme it is for.
public struct MarkDiffusionConfiguration {
    /// The file.
    public let path: String
    /// `algorithm_name`.
    public let algorithm: String
    private let content: Data

    /// The largest configuration that is read.
    private static let largestFile = 1 << 20

    private struct Header: Decodable {
        let algorithm: String

        enum CodingKeys: String, CodingKey {
            case algorithm = "algorithm_name"
        }
    }

    /// Whether a file's name says that it is one.
    public static func isNamed(_ path: String) -> Bool {
        RawPath(path).lastComponent.text.lowercased().hasSuffix(".json")
    }

    /// Reads a configuration.
    /// - Parameter path: of the file.
    /// - Throws: `InputError` naming the file where it is none.
    public init(contentsOf path: String) throws {
        self.path = path
        content = try InputFile.read(path, limit: Self.largestFile)
        algorithm = try JSONReader.decode(Header.self, from: content, named: path, as: .keyDocument).algorithm
    }

    /// The key that the configuration makes.
    /// - Parameter context: what it does not say.
    /// - Throws: `InputError` for an algorithm that is not read, and for what does not fit.
    public func key(_ context: ImportContext) throws -> any MarkKey {
        switch algorithm {
        case "TR": return try treeRing(context)
        case "GS": return try shading(context)
        case "PRC": return try pseudorandomCode(context)
        default:
            throw InputError(
                "\(path): algorithm_name", expected: "TR, GS or PRC",
                found: algorithm == "RI" ? "RI, whose key is drawn anew in each run and is not in the file" : algorithm,
                as: .unsupported)
        }
    }

    /// The members of one algorithm.
    func members<Members: Decodable>(_ type: Members.Type) throws -> Members {
        try JSONReader.decode(type, from: content, named: path, as: .keyDocument)
    }
}
