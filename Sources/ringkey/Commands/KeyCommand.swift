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
        abstract: "Show a key, or exchange keys with the Tree-Ring package.",
        subcommands: [Show.self, Export.self, Import.self])

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
            let key = try RingKey(contentsOf: source)
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

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn a key of the Tree-Ring package into a key file.",
            discussion: """
                The package stores the shifted complex spectrum, [1, C, h, w], in a file named \
                MODEL_CHANNEL_RADIUS_PATTERN.npy, or .npz with one array. Flags give what the name does not say. Keys of the patterns ring \
                and rand have an exact p-value; zeros, const, hand-written rings and other values that were not drawn at \
                random do not.

                Examples:
                  ringkey key import 0a1b2c_3_10_ring.npy -o ring.key.json
                  ringkey key import key.npy --channel 3 --radius 10 --pattern rand -o rand.key.json
                """)

        @Argument(help: ArgumentHelp("The package's file.", valueName: "file.npy"))
        var file: String

        @Option(name: .shortAndLong, help: ArgumentHelp("Key file to write.", valueName: "file"))
        var output: String

        @Option(
            name: .long, parsing: .unconditional,
            help: ArgumentHelp("Keyed channel; -1 for all.", valueName: "n"))
        var channel: Int?

        @Option(name: .long, help: ArgumentHelp("Radius of the circle.", valueName: "n"))
        var radius: Int?

        @Option(name: .long, help: ArgumentHelp("ring, rand, zeros or const.", valueName: "pattern"))
        var pattern: String?

        @Option(
            name: .long, help: ArgumentHelp("Name to show in verdicts. Default: the file name.", valueName: "text"))
        var name: String?

        @OptionGroup var printing: OutputArguments
        @OptionGroup var overwrite: ForceArgument

        func run() throws {
            try OutputPaths.requireApart([output], from: [file])
            try AtomicFile.requireWritable(output, overwrite: overwrite.force)
            let key = try RingKey(reference: file, channel: channel, radius: radius, pattern: pattern, name: name)
            try key.write(to: output, overwrite: overwrite.force)
            let description = KeyDescription(key, path: output)
            try description.write(json: printing.json)
            if !printing.quiet { description.warnOfReach() }
        }
    }
}
