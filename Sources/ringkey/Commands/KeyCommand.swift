import ArgumentParser
import Files
import Foundation
import InputErrors
import RingKeys
import RingkeyKit
import TensorFiles

/// `ringkey key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Show a key, or exchange keys with other tools.",
        subcommands: [Show.self, Export.self, KeyImportCommand.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the public details of a key, never its secret.",
            discussion: "Example:\n  ringkey key show my.key.json")

        @Argument(help: ArgumentHelp("Key file.", valueName: "file"))
        var key: String

        @OptionGroup var output: OutputArguments

        func run() throws {
            try KeyDescription(KeyFile.read(key), path: key).write(json: output.json)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a key's spectrum in the Tree-Ring package's format.",
            discussion: """
                The file is a complex64 array [1, C, h, w] with DC at the centre and zeros outside the key's disc. It \
                is key material: anyone who has it can forge the mark. Without -o the file gets the package's name, \
                ID_CHANNEL_RADIUS_PATTERN.npy, in the current folder.

                Example:
                  ringkey key export my.key.json -o my.npy
                """)

        @Argument(help: ArgumentHelp("Key file.", valueName: "file"))
        var key: String

        @Option(name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file.npy"))
        var output: String?

        @OptionGroup var printing: OutputArguments
        @OptionGroup var overwrite: ForceArgument

        func run() throws {
            let source = key
            guard let key = try KeyFile.read(source) as? RingKey else {
                throw InputError(
                    source, expected: "a ring key, which has a spectrum", found: "a key of another scheme",
                    as: .keyMismatch)
            }
            let path = output ?? key.referenceFileName
            try OutputPaths.requireApart([path], from: [source])
            try AtomicFile.write(key.referenceSpectrum.data, to: path, overwrite: overwrite.force, permissions: 0o600)
            if printing.json {
                try JSONLine.write(["id": key.id, "path": RawPath(path).description])
            } else {
                try StandardOutput.write(lines: Printable.name(path))
            }
        }
    }
}
