import Foundation
import InputErrors
import ModelFolders

/// The fields of a network's `config.json`, each asked for once by name. What nobody asked for is refused at the end: a
/// field that is not known could change what the network computes.
package final class NetworkConfiguration {
    /// The file, for errors.
    package let name: String
    private let fields: [String: ConfigurationValue]
    private var known: Set<String> = []

    /// Reads a file.
    /// - Throws: `InputError` for one that is missing or is no JSON object.
    package convenience init(_ url: URL) throws {
        self.init(named: url.path, try ModelFile.decode([String: ConfigurationValue].self, url))
    }

    /// Fields from elsewhere, such as shapes of tensors.
    package init(named name: String, _ fields: [String: ConfigurationValue]) {
        self.name = name
        self.fields = fields
    }

    /// Whether a field is there and not null.
    package func has(_ field: String) -> Bool { fields[field].map { $0 != .null } ?? false }

    /// Whether a field says null, which may mean another thing than a field that is absent.
    package func isNull(_ field: String) -> Bool { fields[field] == .null }

    /// A whole number.
    /// - Parameter range: what is accepted.
    package func integer(_ field: String, default standard: Int? = nil, in range: ClosedRange<Int>) throws -> Int {
        guard let value = value(field) else { return try required(field, standard, "a number from \(range)") }
        guard let number = Self.integer(value), range.contains(number) else {
            throw refusal(field, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    /// A number.
    package func number(_ field: String, default standard: Double? = nil) throws -> Double {
        guard let value = value(field) else { return try required(field, standard, "a number") }
        guard case .number(let number) = value, number.isFinite else { throw refusal(field, "a number", value) }
        return number
    }

    /// Numbers for all `count` places; nil where there are none.
    package func numbers(_ field: String, count: Int) throws -> [Double]? {
        guard let value = value(field) else { return nil }
        guard case .list(let values) = value, values.count == count else {
            throw refusal(field, "\(count) numbers", value)
        }
        return try values.map { element in
            guard case .number(let number) = element, number.isFinite else {
                throw refusal(field, "\(count) numbers", value)
            }
            return number
        }
    }

    /// True or false; nil where nothing is said.
    package func flag(_ field: String) throws -> Bool? { has(field) ? try flag(field, default: false) : nil }

    /// True or false.
    package func flag(_ field: String, default standard: Bool) throws -> Bool {
        guard let value = value(field) else { return standard }
        guard case .bool(let flag) = value else { throw refusal(field, "true or false", value) }
        return flag
    }

    /// Text, one of some.
    package func choice(_ field: String, default standard: String? = nil, of choices: [String]) throws -> String {
        let expected = choices.joined(separator: " or ")
        guard let value = value(field) else { return try required(field, standard, expected) }
        guard case .text(let text) = value, choices.contains(text) else { throw refusal(field, expected, value) }
        return text
    }

    /// Text for each of `count` blocks, all out of some.
    package func choices(_ field: String, count: ClosedRange<Int>, of choices: [String]) throws -> [String] {
        let expected = "a list of \(count.lowerBound) to \(count.upperBound) of \(choices.joined(separator: ", "))"
        guard let value = value(field) else { return try required(field, nil, expected) }
        guard case .list(let values) = value, count.contains(values.count) else {
            throw refusal(field, expected, value)
        }
        return try values.map { element in
            guard case .text(let text) = element, choices.contains(text) else {
                throw refusal(field, expected, element)
            }
            return text
        }
    }

    /// Whole numbers: a list, or one number for all `count` places.
    package func integers(
        _ field: String, default standard: [Int]? = nil, count: ClosedRange<Int>, in range: ClosedRange<Int>
    ) throws -> [Int] {
        let expected =
            "\(count.lowerBound) to \(count.upperBound) whole numbers from \(range.lowerBound) to \(range.upperBound)"
        guard let value = value(field) else { return try required(field, standard, expected) }
        let numbers: [Int?]
        switch value {
        case .list(let values): numbers = values.map(Self.integer)
        default: numbers = [Int?](repeating: Self.integer(value), count: count.lowerBound)
        }
        let found = numbers.compactMap { $0 }.filter(range.contains)
        guard found.count == numbers.count, count.contains(found.count) else { throw refusal(field, expected, value) }
        return found
    }

    /// Whole numbers for each layer of each block: one number for all, or a list with a number or a list for each block.
    /// - Parameter counts: layers of the blocks; a block's list may be longer.
    /// - Returns: as many numbers as `counts` says for each block; nil where the field is absent.
    package func integersByLayer(_ field: String, counts: [Int], in range: ClosedRange<Int>) throws -> [[Int]]? {
        guard let value = value(field) else { return nil }
        var blocks = [ConfigurationValue](repeating: value, count: counts.count)
        if case .list(let values) = value { blocks = values }
        let numbers = zip(blocks, counts).map { block, count in
            guard case .list(let values) = block else { return [Int?](repeating: Self.integer(block), count: count) }
            return values.prefix(count).map(Self.integer)
        }
        let found = numbers.map { $0.compactMap { $0 }.filter(range.contains) }
        guard blocks.count == counts.count, found.map(\.count) == counts else {
            let expected = "whole numbers from \(range.lowerBound) to \(range.upperBound) for \(counts) layers"
            throw refusal(field, expected, value)
        }
        return found
    }

    /// Refuses another value than the ones that change nothing; a field that is absent or null is one of them.
    package func require(_ field: String, _ accepted: ConfigurationValue...) throws {
        guard let value = value(field), !accepted.contains(value) else { return }
        let expected = accepted.isEmpty ? "none" : accepted.map(\.description).joined(separator: " or ")
        throw refusal(field, expected, value)
    }

    /// Fields that do not matter for what the network computes.
    package func ignore(_ names: String...) { known.formUnion(names) }

    /// Refuses fields that nobody asked for. Names that begin with `_` are notes of the library that wrote the file.
    package func requireNoOthers() throws {
        let others = fields.filter { !known.contains($0.key) && !$0.key.hasPrefix("_") && $0.value != .null }
        guard let other = others.min(by: { $0.key < $1.key }) else { return }
        throw refusal(other.key, "only fields that are known", other.value)
    }

    /// A refusal of a field.
    package func refusal(_ field: String, _ expected: String, _ found: ConfigurationValue) -> InputError {
        InputError("\(name): \(field)", expected: expected, found: found.description, as: .modelConfiguration)
    }

    private func value(_ field: String) -> ConfigurationValue? {
        known.insert(field)
        return fields[field].flatMap { $0 == .null ? nil : $0 }
    }

    private func required<Value>(_ field: String, _ standard: Value?, _ expected: String) throws -> Value {
        guard let standard else {
            throw InputError("\(name): \(field)", expected: expected, found: "none", as: .modelConfiguration)
        }
        return standard
    }

    private static func integer(_ value: ConfigurationValue) -> Int? {
        guard case .number(let number) = value else { return nil }
        return Int(exactly: number)
    }
}
