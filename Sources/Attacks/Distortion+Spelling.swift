import Foundation
import InputErrors

/// Spelled `name` or `name:strength`: `flip`, `jpeg:25`.
extension Distortion: CustomStringConvertible {
    /// Reads `name` or `name:strength`; without a strength the kind's standard one is meant.
    /// - Throws: `InputError` for an unknown name or a strength that it does not have.
    public init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let kind = Kind(rawValue: String(name)) else {
            throw InputError(
                "distortion", expected: Kind.allCases.map(\.rawValue).joined(separator: ", "), found: "'\(text)'",
                as: .invalidSetting)
        }
        guard parts.count == 2 else {
            try self.init(kind)
            return
        }
        guard kind.strengths != nil else {
            throw InputError(
                "distortion \(kind.rawValue)", expected: "no strength", found: "'\(text)'", as: .invalidSetting)
        }
        guard let strength = Double(parts[1]) else {
            throw InputError(
                "strength of \(kind.rawValue)", expected: "a number", found: "'\(parts[1])'", as: .invalidSetting)
        }
        try self.init(kind, strength: strength)
    }

    /// The spelling that is read back as the same distortion.
    public var description: String {
        kind.strengths == nil ? kind.rawValue : "\(kind.rawValue):\(Self.text(strength))"
    }

    static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
