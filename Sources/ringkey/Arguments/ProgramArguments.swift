import Files
import Foundation

/// What the program was started with. Every command gets its arguments from here, so that each can name a file of any
/// bytes: an argument that is not UTF-8 is text as `RawPath.text` has it, which `RawPath` reads back.
enum ProgramArguments {
    /// The program's name and the arguments.
    static let all: [String] = CommandLine.argc > 0 ? passed : told

    private static var passed: [String] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            CommandLine.unsafeArgv[index].map { argument in
                let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
                return RawPath(bytes: bytes.map { UInt8(bitPattern: $0) }).text
            }
        }
    }

    /// What the system tells. Under a preloaded library such as libfaketime Swift's runtime finds no arguments at all, and a
    /// command would print its help instead of doing its work.
    private static var told: [String] {
        let path = RawPath("/proc/self/cmdline")
        guard let lines = try? LineReader(opening: path, expecting: "arguments", isPatient: false, separator: 0) else {
            return []
        }
        var arguments: [String] = []
        while let line = try? lines.next() { arguments.append(RawPath(bytes: Array(line.bytes)).text) }
        return arguments
    }

    /// The same to be written down: U+FFFD for what is not UTF-8.
    static var shown: [String] { all.map { RawPath($0).description } }
}
