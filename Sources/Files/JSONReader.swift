import Foundation
import InputErrors

/// The one way in which JSON from outside becomes values.
///
/// Foundation's decoder traps on some texts that are not UTF-8, takes one of two equal names, and where it takes infinity
/// takes much else that is no JSON. Every text is therefore held against RFC 8259 first, names that come twice and nesting
/// beyond 64 levels being refused; the decoder sees only what passed. A byte order mark is passed over.
package enum JSONReader {
    /// What is taken besides RFC 8259.
    package enum Dialect: Sendable {
        /// Nothing.
        case standard
        /// `NaN`, `Infinity` and `-Infinity` for numbers, as Python writes them.
        case python
    }

    /// A text as the type that describes it.
    /// - Parameters:
    ///   - data: the text; whoever reads it bounds its size.
    ///   - name: stands for the text in errors.
    ///   - code: of the refusal, except where the text is not UTF-8.
    /// - Throws: `InputError` naming the text and the byte, or the text and the member, that is refused.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, named name: String, dialect: Dialect = .standard,
        as code: InputError.Code
    ) throws(InputError) -> Value {
        let body = try UTF8Text.body(of: data, named: name)
        try requireJSON(body, at: data.count - body.count, named: name, dialect, as: code)
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = dialect == .python
        do {
            return try decoder.decode(type, from: body)
        } catch let error as DecodingError {
            throw InputError(name, refusedBy: error, as: code)
        } catch {
            throw InputError(name, expected: "JSON", found: "\(error)", as: code)
        }
    }

    private static func requireJSON(
        _ body: Data, at start: Int, named name: String, _ dialect: Dialect, as code: InputError.Code
    ) throws(InputError) {
        let refusal = body.withUnsafeBytes { (raw) -> InputError? in
            let bytes = raw.bindMemory(to: UInt8.self)
            do throws(JSONScanner.Malformed) {
                var scanner = JSONScanner(bytes)
                try scanner.check(dialect)
                return nil
            } catch {
                return error.refusal(of: name, bytes, from: start, as: code)
            }
        }
        if let refusal { throw refusal }
    }
}

extension InputError {
    /// What Foundation's decoder has against a member.
    fileprivate init(_ name: String, refusedBy error: DecodingError, as code: Code) {
        func subject(_ context: DecodingError.Context) -> String {
            ([name] + [Self.path(context.codingPath)].filter { !$0.isEmpty }).joined(separator: ": ")
        }
        switch error {
        case .keyNotFound(let key, let context):
            self.init(subject(context), expected: "a member \(key.stringValue)", found: "none", as: code)
        case .typeMismatch(let type, let context):
            self.init(subject(context), expected: Self.words(type), found: "another type", as: code)
        case .valueNotFound(let type, let context):
            self.init(subject(context), expected: Self.words(type), found: "null", as: code)
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            // All that Foundation says of a number that its member's type cannot hold, without a word of which.
            self.init(name, expected: "whole numbers for counts and none too large", found: "another number", as: code)
        case .dataCorrupted(let context):
            self.init(subject(context), expected: "a value in range", found: context.debugDescription, as: code)
        @unknown default: self.init(name, expected: "JSON", found: "\(error)", as: code)
        }
    }

    /// `latent[2]`, `vocab.cat`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? "" : ".") + key.stringValue
        }
    }

    private static func words(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
