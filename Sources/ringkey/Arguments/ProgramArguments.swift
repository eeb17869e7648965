import Files
import Foundation

/// What the program was started with. Every command gets its arguments from here, so that each can name a file of any
/// bytes: an argument that is not UTF-8 is text as `RawPath.text` has it, which `RawPath` reads back.
enum ProgramArguments {
    /// The program's name and the arguments.
    static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { index in
        CommandLine.unsafeArgv[index].map { argument in
            RawPath(bytes: UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) })
                .text
        }
    }

    /// The same to be written down: U+FFFD for what is not UTF-8.
    static var shown: [String] { all.map { RawPath($0).description } }
}
