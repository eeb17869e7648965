import Files
import Foundation
import InputErrors
import Items
import Pictures

/// A picture that somebody named: a file, a pipe, which is read to its end, or `-`, standard input.
public struct NamedImage: ItemSource {
    /// The name of standard input.
    public static let standardInput = "-"

    /// As it was named.
    public let name: String

    /// The picture of this name.
    public init(_ name: String) { self.name = name }

    /// A picture's name for people.
    public static func shown(_ name: String) -> String {
        name == standardInput ? "standard input" : Printable.name(name)
    }

    /// Reads and decodes.
    public func item(limitMegapixels: Double) throws -> Item {
        let start = ContinuousClock.now
        do {
            let content =
                name == Self.standardInput
                ? try InputFile.standardInput(limit: ImageFile.largestFile)
                : try InputFile.read(name, limit: ImageFile.largestFile, takesPipes: true)
            return try EncodedImage(name: name, content: content, since: start).item(limitMegapixels: limitMegapixels)
        } catch let error as InputError where error.subject == Self.standardInput {
            throw InputError(Self.shown(name), expected: error.expected, found: error.found, as: error.code)
        }
    }
}
