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

    fileprivate static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}

extension Distortion.Kind {
    /// What a strength may be.
    struct Strengths {
        var standard: Double
        var range: ClosedRange<Double>
        var isWhole = false
        var isOdd = false
        var unit: String

        var words: String {
            let numbers = isOdd ? "an odd number" : isWhole ? "a whole number" : "a number"
            return "\(numbers) from \(Distortion.text(range.lowerBound)) to \(Distortion.text(range.upperBound))"
        }
    }

    /// Nil for kinds without a strength.
    var strengths: Strengths? {
        switch self {
        case .none, .flip: nil
        case .rotation: Strengths(standard: 75, range: -360...360, unit: "degrees anticlockwise, corners black")
        case .jpeg: Strengths(standard: 25, range: 1...100, isWhole: true, unit: "quality, with 4:2:0 colour")
        case .crop:
            Strengths(
                standard: 75, range: 1...100, unit: "% of the area at a random place, enlarged to fit")
        case .blur: Strengths(standard: 4, range: 0...100, unit: "pixels, Pillow's GaussianBlur")
        case .noise: Strengths(standard: 0.1, range: 0...10, unit: "standard deviation, where white is 1")
        case .brightness: Strengths(standard: 6, range: 0...100, unit: "b: a random factor from max(0, 1-b) to 1+b")
        case .brighten: Strengths(standard: 1.5, range: 0...100, unit: "times as bright")
        case .contrast: Strengths(standard: 0.5, range: 0...100, unit: "times the contrast")
        case .saturation: Strengths(standard: 0, range: 0...100, unit: "times the colour; 0 for grey")
        case .gamma: Strengths(standard: 1.5, range: 0.01...100, unit: "exponent")
        case .median:
            Strengths(standard: 3, range: 1...31, isWhole: true, isOdd: true, unit: "pixels, side of the square")
        case .resize: Strengths(standard: 50, range: 1...400, unit: "% of the sides, then back")
        case .shift:
            Strengths(standard: 5, range: -100...100, unit: "% of the sides to the right and down, the rest black")
        }
    }

    /// The strength that stands for one that was asked for.
    func accepted(_ strength: Double?) throws -> Double {
        guard let strengths else {
            guard let strength, strength != 0 else { return 0 }
            throw InputError(
                "distortion \(rawValue)", expected: "no strength", found: "\(strength)", as: .invalidSetting)
        }
        let value = strength ?? strengths.standard
        let isFine =
            strengths.range.contains(value) && (!strengths.isWhole || value == value.rounded())
            && (!strengths.isOdd || Int(value) % 2 == 1)
        guard isFine else {
            throw InputError(
                "strength of \(rawValue)", expected: strengths.words, found: Distortion.text(value), as: .invalidSetting
            )
        }
        return value
    }

    /// The kind with its standard strength, and what the strength is: one line for a help text.
    public var help: (spelling: String, meaning: String) {
        guard let strengths else {
            return (rawValue, self == .none ? "the image as it is" : "mirrored left to right")
        }
        return ("\(rawValue):\(Distortion.text(strengths.standard))", strengths.unit)
    }
}
