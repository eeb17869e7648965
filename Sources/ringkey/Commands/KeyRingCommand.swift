import ArgumentParser
import Files
import InputErrors
import KeyDocuments
import KeyRings
import RingKeys
import RingkeyKit
import Tensors

/// `ringkey keyring`.
struct KeyRingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyring",
        abstract: "Keep keys for many customers in one file.",
        discussion: """
            A key ring has one secret and a list of labels. The key of a label is derived from both, so that the ring, a \
            line a customer, is all there is to keep. Whoever has the file has every key: its mode is 0600.

            Examples:
              ringkey keyring new customers.ring
              ringkey keyring derive customers.ring alice bob -o keys/
              ringkey keyring derive customers.ring --from customers.txt
              ringkey identify photo.png --keyring customers.ring
              ringkey keyring revoke customers.ring bob
              ringkey keyring list customers.ring
            """,
        subcommands: [
            New.self, Derive.self, Add.self, List.self, Revoke.self, Prepare.self, Check.self,
        ])
}

/// The ring that a command is about.
struct RingArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Key ring.", valueName: "ring"))
    var ring: String
}

extension KeyRingCommand {
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key ring with a new secret.",
            discussion: """
                Its keys are spread keys of one radius. Where latents have two channels or more, the first one carries \
                the pilot, the same in all keys of the ring: a turned, cut or scaled picture is searched for once, \
                whatever the number of keys. The key's own numbers lie in the other channels.

                Examples:
                  ringkey keyring new customers.ring
                  ringkey keyring new sd.ring --latent 4x64x64 --name customers
                """)

        @OptionGroup var file: RingArgument
        @OptionGroup var latent: LatentShapeArgument

        @Option(name: .long, help: ArgumentHelp("Name to show in verdicts. Default: the file name.", valueName: "text"))
        var name: String?

        @Option(name: .long, help: ArgumentHelp("Radius of the keyed disc, in cycles per plane.", valueName: "cycles"))
        var radius = 10.0

        @Flag(name: .long, inversion: .prefixedNo, help: "A channel that all keys share, to search moved pictures by.")
        var pilot = true

        @OptionGroup var model: ModelArguments
        @OptionGroup var printing: OutputArguments
        @OptionGroup var overwrite: ForceArgument

        func run() throws {
            try AtomicFile.requireWritable(file.ring, overwrite: overwrite.force)
            let shape = try latent.shape() ?? model.open().model.latentShape
            let geometry = try KeyGeometry(
                pattern: .spread, radius: radius, channels: nil, latentShape: shape, subject: "key ring")
            let stem = RawPath(file.ring).lastComponent.description.split(separator: ".").first.map(String.init)
            try KeyRing.create(
                at: file.ring, name: name ?? stem ?? "ring", geometry: geometry,
                pilotChannels: pilot && shape.channels > 1 ? [0] : [], overwrite: overwrite.force)
            try KeyRingDescription(KeyRing(contentsOf: file.ring)).write(json: printing.json)
        }
    }

    struct Derive: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add labels to a ring, and write their key files.",
            discussion: """
                With -o each key is written as a key file of its own, LABEL.key.json, which generate, noise and verify \
                take like any other. Labels that the ring has already are refused, but for -o alone: --again writes \
                their key files once more.

                Examples:
                  ringkey keyring derive customers.ring alice
                  ringkey keyring derive customers.ring alice-2 --owner alice -o keys/
                  ringkey keyring derive customers.ring --from customers.txt
                  ringkey keyring derive customers.ring alice --again -o keys/
                """)

        @OptionGroup var file: RingArgument

        @Argument(help: ArgumentHelp("Labels.", valueName: "label"))
        var labels: [String] = []

        @Option(name: .long, help: ArgumentHelp("A file with one label a line.", valueName: "file"))
        var from: String?

        @Option(name: .long, help: ArgumentHelp("Whose keys they are, where labels do not say it.", valueName: "name"))
        var owner: String?

        @Option(name: .shortAndLong, help: ArgumentHelp("Folder for key files.", valueName: "folder"))
        var output: String?

        @Flag(name: .long, help: "The ring has the labels; write their key files again.")
        var again = false

        @OptionGroup var printing: OutputArguments
        @OptionGroup var overwrite: ForceArgument

        func validate() throws {
            if labels.isEmpty, from == nil { throw ValidationError("give labels, or a list of them with --from") }
            if again, output == nil { throw ValidationError("--again needs --output") }
            if again, owner != nil { throw ValidationError("--owner is for new labels, not --again") }
        }

        func run() throws {
            let labels = try self.labels + (from.map(LabelList.read) ?? [])
            var written: [String] = []
            if again {
                let ring = try KeyRing(contentsOf: file.ring)
                let known = Set((0..<ring.count).map { ring.label(at: $0).label })
                for label in labels where !known.contains(label) {
                    throw InputError(
                        "label \(label)", expected: "one of the ring's labels", found: "none", as: .invalidSetting)
                }
                written = try write(labels, of: ring)
            } else {
                let opened = try KeyRingFile(file.ring)
                try opened.derive(labels.map { KeyRingFile.Label($0, owner: owner) })
                written = try write(labels, of: opened.ring)
            }
            if printing.json {
                try JSONLine.write(Report(ring: RawPath(file.ring).description, derived: labels.count, files: written))
            } else {
                let derived = "derived \(labels.count) \(labels.count == 1 ? "key" : "keys")"
                try StandardOutput.write(lines: written.isEmpty ? [derived] : written.map(Printable.name))
            }
        }

        private struct Report: Encodable {
            let ring: String
            let derived: Int
            let files: [String]
        }

        private func write(_ labels: [String], of ring: KeyRing) throws -> [String] {
            guard let output else { return [] }
            try Folder.make(output)
            let folder = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
            return try labels.map { label in
                let path = "\(folder)/\(LabelList.fileName(label)).key.json"
                try KeyFile.write(ring.key(of: label), to: path, overwrite: overwrite.force)
                return path
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an existing ring key as it is.",
            discussion: """
                The key is copied into the ring with its own secret, for latents of the ring's shape. It is looked for by \
                itself: add few keys so, and derive the many.

                Example:
                  ringkey keyring add customers.ring old.key.json --label customer-0
                """)

        @OptionGroup var file: RingArgument

        @Argument(help: ArgumentHelp("Key file.", valueName: "key"))
        var key: String

        @Option(name: .long, help: ArgumentHelp("Label in this ring. Default: the key's name.", valueName: "text"))
        var label: String?

        @OptionGroup var printing: OutputArguments

        func run() throws {
            let key = try RingKey(contentsOf: key)
            try KeyRingFile(file.ring).add(key, label: label)
            if printing.json {
                try JSONLine.write(["id": key.id, "label": label ?? key.name])
            } else {
                try StandardOutput.write(lines: "added \(key.id) (\(Printable.name(label ?? key.name)))")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a ring's labels and fingerprints, never its secret.",
            discussion: "Example:\n  ringkey keyring list customers.ring --json")

        @OptionGroup var file: RingArgument
        @OptionGroup var printing: OutputArguments

        func run() throws {
            let ring = try KeyRing(contentsOf: file.ring)
            try KeyRingDescription(ring).write(json: printing.json)
            try KeyRingDescription.writeKeys(of: ring, json: printing.json)
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Mark a label as revoked.",
            discussion: """
                A revoked key is still looked for: a verdict that finds it says so (key_revoked).

                Example:
                  ringkey keyring revoke customers.ring bob
                """)

        @OptionGroup var file: RingArgument

        @Argument(help: ArgumentHelp("Label.", valueName: "label"))
        var label: String

        @OptionGroup var printing: OutputArguments

        func run() throws {
            let isNew = try KeyRingFile(file.ring).revoke(label)
            if printing.json {
                try JSONLine.write(["label": label, "revoked": isNew ? "now" : "before"])
            } else {
                try StandardOutput.write(
                    lines: "\(Printable.text(label)): \(isNew ? "revoked" : "was revoked before")")
            }
        }
    }
}
