/// Something from outside (a file, a flag, a number in a header) that is refused.
///
/// Every layer throws this one type for bad input, so that the command line can print one clear line and exit with 2.
/// A programmer's mistake is a `precondition`, never an `InputError`.
public struct InputError: Error, Sendable, CustomStringConvertible {
    /// The file, flag or part that is refused: `"photo.png"`, `"model/unet"`.
    public let subject: String
    /// What would have been accepted: `"a latent of shape [1, 4, 32, 32]"`.
    public let expected: String
    /// What was there instead: `"[1, 4, 64, 64]"`.
    public let found: String
    /// The class of the refusal, where the subject is a file and a program may want to know.
    public let refusal: FileRefusal?

    /// A refusal of `subject`.
    public init(_ subject: String, expected: String, found: String, as refusal: FileRefusal? = nil) {
        self.subject = subject
        self.expected = expected
        self.found = found
        self.refusal = refusal
    }

    /// One line, whatever the file's own texts hold: control characters in them are replaced by U+FFFD.
    public var description: String {
        var line = String.UnicodeScalarView()
        for character in "\(subject): expected \(expected), found \(found)".unicodeScalars {
            line.append(character.properties.generalCategory == .control ? "\u{FFFD}" : character)
        }
        return String(line)
    }
}

extension InputError: Equatable {
    /// Whether two refusals say the same.
    public static func == (one: InputError, other: InputError) -> Bool {
        one.subject == other.subject && one.expected == other.expected && one.found == other.found
    }
}
