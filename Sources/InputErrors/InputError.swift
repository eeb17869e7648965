/// Something from outside (a file, a setting, a number in a header) that is refused.
///
/// Every layer throws this one type for bad input: a stable code for programs, and in words what was refused, what was
/// expected and what was found. It names no flag and no command: advice is up to the caller. A
/// programmer's mistake is a `precondition`, never an `InputError`.
public struct InputError: Error, Sendable, CustomStringConvertible {
    /// The class of the refusal.
    public let code: Code
    /// The file, setting or part that is refused: `"photo.png"`, `"model/unet"`.
    public let subject: String
    /// What would have been accepted: `"a latent of shape [1, 4, 32, 32]"`.
    public let expected: String
    /// What was there instead: `"[1, 4, 64, 64]"`.
    public let found: String

    /// A refusal of `subject`.
    public init(_ subject: String, expected: String, found: String, as code: Code) {
        self.code = code
        self.subject = subject
        self.expected = expected
        self.found = found
    }

    /// The refusal that an error is, or the refusal of `subject` by an error of another kind.
    public init(_ subject: String, refusedBy error: any Error) {
        self = error as? InputError ?? InputError(subject, expected: "an image", found: "\(error)", as: .unexpected)
    }

    /// One line in any case: what cannot be seen in the file's own text is escaped.
    public var description: String {
        "\(Printable.name(subject)): expected \(Printable.text(expected)), found \(Printable.text(found))"
    }
}

extension InputError: Equatable {
    /// Whether two refusals say the same.
    public static func == (one: InputError, other: InputError) -> Bool {
        one.code == other.code && one.subject == other.subject && one.expected == other.expected
            && one.found == other.found
    }
}
