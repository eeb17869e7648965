import Files
import Foundation

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
            ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }

    /// The bytes of arguments that are not UTF-8, by the text that stands for them.
    static func rawArguments() -> [String: RawPath] {
        var raw: [String: RawPath] = [:]
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let path = RawPath(
                bytes: Array(UnsafeBufferPointer(start: argument, count: strlen(argument))).map(UInt8.init(bitPattern:))
            )
            if !path.isText { raw[path.description] = path }
        }
        return raw
    }
}
