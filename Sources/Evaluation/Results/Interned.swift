import Foundation
import Tensors

/// Values that come again and again in the lines of results, each kept once and known by its place.
struct Interned<Value: Decodable & Equatable & Sendable>: Sendable {
    /// In the order in which they came.
    private(set) var values: [Value] = []
    private var places: [[UInt8]: Int] = [:]
    private let name: String

    /// - Parameter name: the member that holds such a value, for errors.
    init(_ name: String) { self.name = name }

    mutating func place(of value: Value) -> Int {
        if let place = values.firstIndex(of: value) { return place }
        values.append(value)
        return values.count - 1
    }

    /// - Parameter json: the value's JSON text, which is decoded only the first time that it comes.
    /// - Throws: `InputError` for a text that is no such value.
    mutating func place(ofJSON json: UnsafeBufferPointer<UInt8>) throws -> Int {
        let raw = Array(json)
        if let place = places[raw] { return place }
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(raw)) else {
            throw InputError(
                name, expected: "the members of one", found: String(decoding: raw.prefix(60), as: UTF8.self))
        }
        let place = place(of: value)
        places[raw] = place
        return place
    }
}
