import Files
import Foundation
import InputErrors
import Verdicts

/// Values that come again and again in the lines of results, each kept once and known by its place.
struct Interned<Value: Decodable & Equatable & Sendable>: Sendable {
    /// In the order in which they came.
    private(set) var values: [Value] = []
    private var places: [[UInt8]: Int] = [:]

    mutating func place(of value: Value) -> Int {
        if let place = values.firstIndex(of: value) { return place }
        values.append(value)
        return values.count - 1
    }

    /// - Parameters:
    ///   - json: the value's JSON text, which is decoded only the first time that it comes.
    ///   - member: the member that holds it, for errors.
    /// - Throws: `InputError` for no text, and for one that is no such value.
    mutating func place(of json: ResultLine.Text?, _ member: String) throws -> Int {
        guard let json else { throw InputError(member, expected: "an object", found: "none", as: .resultsLine) }
        let raw = Array(json)
        if let place = places[raw] { return place }
        let place = place(of: try JSONReader.decode(Value.self, from: Data(raw), named: member, as: .resultsLine))
        places[raw] = place
        return place
    }
}
