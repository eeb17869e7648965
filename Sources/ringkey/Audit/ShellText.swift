import InputErrors

/// The command line as it was given, and as it can be given again.
enum ShellText {
    /// Text that a POSIX shell reads back as these arguments.
    static func command(_ arguments: [String]) -> String { arguments.map(quoted).joined(separator: " ") }

    static func quoted(_ argument: String) -> String {
        let isPlain = argument.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./:=,+@%".unicodeScalars.contains(scalar)
        }
        return isPlain && !argument.isEmpty
            ? argument : Printable.quoted(argument)
    }
}
