import Foundation

/// The schemas under `docs/schemas`.
package enum PublishedSchemas {
    /// The schema of a document by its `format`, `ringkey.verdict/1`. The tool's own documents have no member that it does
    /// not name.
    package static func schema(_ format: String) throws -> JSONSchema {
        let name = format.replacing("/", with: "-") + ".json"
        let url = Fixtures.repository.appendingPathComponent("docs/schemas/\(name)")
        return try JSONSchema(Data(contentsOf: url), isClosed: true)
    }

    /// What breaks the rules of the schema that a document's `format` names.
    package static func violations(_ document: Data) throws -> [String] {
        guard case .string(let format)? = try JSONDecoder().decode(JSONValue.self, from: document)["format"] else {
            return ["$.format: required"]
        }
        return try schema(format).violations(document)
    }
}
