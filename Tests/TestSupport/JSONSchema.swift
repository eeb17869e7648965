import Foundation

/// A validator for the part of JSON Schema (draft 2020-12) that the published schemas use. A keyword that it does not know
/// is an error, so that no rule is passed over in silence.
package struct JSONSchema: Sendable {
    /// A schema that cannot be followed.
    package struct Unusable: Error, Equatable {
        /// In words.
        package let reason: String
    }

    private static let annotations: Set = ["$schema", "title", "description", "$defs"]
    private static let rules: Set = [
        "type", "required", "properties", "additionalProperties", "items", "minItems", "maxItems", "enum", "const",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "$ref", "oneOf", "anyOf",
    ]

    private let root: JSONValue
    private let isClosed: Bool

    /// - Parameters:
    ///   - json: the schema's text.
    ///   - isClosed: whether objects may only have the members that the schema names, also where it would take others.
    /// - Throws: `Unusable` for keywords that are not known, and references to nothing.
    package init(_ json: Data, isClosed: Bool = false) throws {
        root = try JSONDecoder().decode(JSONValue.self, from: json)
        self.isClosed = isClosed
        try requireKnown(root)
    }

    /// What breaks the rules in a document, each with the place where it stands; nothing for a valid one.
    package func violations(_ document: Data) throws -> [String] {
        violations(try JSONDecoder().decode(JSONValue.self, from: document))
    }

    /// What breaks the rules in a document, each with the place where it stands; nothing for a valid one.
    package func violations(_ document: JSONValue) -> [String] { violations(document, root, at: "$") }

    // MARK: - The schema itself

    private func requireKnown(_ schema: JSONValue) throws {
        guard case .object(let keywords) = schema else {
            if case .boolean = schema { return }
            throw Unusable(reason: "a schema that is neither an object nor true or false")
        }
        for (keyword, value) in keywords {
            guard Self.annotations.union(Self.rules).contains(keyword) else {
                throw Unusable(reason: "unknown keyword \(keyword)")
            }
            switch (keyword, value) {
            case ("properties", .object(let schemas)), ("$defs", .object(let schemas)):
                for schema in schemas.values { try requireKnown(schema) }
            case ("oneOf", .array(let schemas)), ("anyOf", .array(let schemas)):
                for schema in schemas { try requireKnown(schema) }
            case ("items", _), ("additionalProperties", _): try requireKnown(value)
            case ("$ref", .string(let reference)):
                guard definition(reference) != nil else { throw Unusable(reason: "no \(reference)") }
            case ("pattern", .string(let pattern)):
                guard (try? Regex(pattern)) != nil else { throw Unusable(reason: "pattern \(pattern)") }
            case ("properties", _), ("$defs", _), ("oneOf", _), ("anyOf", _), ("$ref", _), ("pattern", _):
                throw Unusable(reason: "\(keyword) of another type")
            default: break
            }
        }
    }

    private func definition(_ reference: String) -> JSONValue? {
        let prefix = "#/$defs/"
        return reference.hasPrefix(prefix) ? root["$defs"]?[String(reference.dropFirst(prefix.count))] : nil
    }

    // MARK: - Documents

    private func violations(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        guard case .object(let keywords) = schema else {
            return schema == .boolean(true) ? [] : ["\(place): nothing may stand here"]
        }
        return keywords.keys.sorted().flatMap { keyword -> [String] in
            guard let rule = keywords[keyword] else { return [] }
            switch keyword {
            case "$ref":
                guard case .string(let reference) = rule, let schema = definition(reference) else { return [] }
                return violations(value, schema, at: place)
            case "oneOf", "anyOf": return alternatives(value, keyword, rule, at: place)
            case "type", "enum", "const": return Self.isFine(value, keyword, rule) ? [] : ["\(place): \(keyword)"]
            default:
                switch value {
                case .number(let number): return Self.number(number, keyword, rule) ? [] : ["\(place): \(keyword)"]
                case .string(let text): return Self.text(text, keyword, rule) ? [] : ["\(place): \(keyword)"]
                case .array(let elements): return array(elements, keyword, rule, at: place)
                case .object(let members): return object(members, keyword, rule, keywords, at: place)
                case .null, .boolean: return []
                }
            }
        }
    }

    private func alternatives(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, at place: String
    ) -> [String] {
        guard case .array(let schemas) = rule else { return [] }
        let fitting = schemas.count { violations(value, $0, at: place).isEmpty }
        let isFine = keyword == "oneOf" ? fitting == 1 : fitting > 0
        return isFine ? [] : ["\(place): \(keyword), \(fitting) fit"]
    }

    private static func isFine(_ value: JSONValue, _ keyword: String, _ rule: JSONValue) -> Bool {
        switch (keyword, rule) {
        case ("type", .string(let type)): value.types.contains(type)
        case ("enum", .array(let values)): values.contains(value)
        case ("const", _): rule == value
        default: false
        }
    }

    private static func number(_ value: Double, _ keyword: String, _ rule: JSONValue) -> Bool {
        guard case .number(let limit) = rule else { return true }
        return switch keyword {
        case "minimum": value >= limit
        case "maximum": value <= limit
        case "exclusiveMinimum": value > limit
        case "exclusiveMaximum": value < limit
        default: true
        }
    }

    private static func text(_ value: String, _ keyword: String, _ rule: JSONValue) -> Bool {
        guard keyword == "pattern", case .string(let pattern) = rule, let regex = try? Regex(pattern) else {
            return true
        }
        return value.contains(regex)
    }

    private func array(_ elements: [JSONValue], _ keyword: String, _ rule: JSONValue, at place: String) -> [String] {
        switch (keyword, rule) {
        case ("items", _):
            elements.enumerated().flatMap { violations($1, rule, at: "\(place)[\($0)]") }
        case ("minItems", .number(let limit)): Double(elements.count) >= limit ? [] : ["\(place): minItems"]
        case ("maxItems", .number(let limit)): Double(elements.count) <= limit ? [] : ["\(place): maxItems"]
        default: []
        }
    }

    private func object(
        _ members: [String: JSONValue], _ keyword: String, _ rule: JSONValue, _ keywords: [String: JSONValue],
        at place: String
    ) -> [String] {
        var named: Set<String> = []
        if case .object(let properties)? = keywords["properties"] { named = Set(properties.keys) }
        let others = members.filter { !named.contains($0.key) }
        switch (keyword, rule) {
        case ("required", .array(let names)):
            return names.compactMap { name in
                guard case .string(let name) = name, members[name] == nil else { return nil }
                return "\(place).\(name): required"
            }
        case ("properties", .object(let properties)):
            let isOpen = !isClosed || keywords["type"] == nil || keywords["additionalProperties"] != nil
            return properties.flatMap { name, schema in
                members[name].map { violations($0, schema, at: "\(place).\(name)") } ?? []
            } + (isOpen ? [] : others.keys.sorted().map { "\(place).\($0): not in the schema" })
        case ("additionalProperties", _):
            return others.flatMap { violations($1, rule, at: "\(place).\($0)") }
        default: return []
        }
    }
}
