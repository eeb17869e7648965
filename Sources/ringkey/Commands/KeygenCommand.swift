import ArgumentParser
import Files
import Foundation
import InputErrors
import Marks
import RingIDKeys
import RingKeys
import RingkeyKit
import Tensors

/// `ringkey keygen`.
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Create a new key from the system's random numbers.",
        discussion: """
            The file holds the secret: anyone who has it can mark images and find the mark. Its mode is 0600.

            Examples:
              ringkey keygen -o my.key.json
              ringkey keygen -o sd.key.json --latent 4x64x64
              ringkey keygen -o ring.key.json --pattern ring --channels 0,1,2,3
              ringkey keygen -o gs.key.json --scheme gaussian-shading --message "user 7"
              ringkey keygen -o ri.key.json --scheme ringid
              ringkey keygen -o prc.key.json --scheme prc --message "user 7"
              ringkey keygen -o - --name mine | age -p > my.key.age

            Schemes:
              ring              numbers in the spectrum of the noise (default)
              gaussian-shading  the signs of the noise are a repeated message under a cipher
              prc               the signs of the noise are a pseudorandom codeword, another in each image
              ringid            rings of two levels in one channel, noise in their place in another

            Patterns of ring keys:
              spread  hundreds of numbers, strong evidence (default)
              ring    few numbers, still found after the image is rotated
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Key file to write; - for standard output.", valueName: "file"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Name to show in verdicts. Default: the file name.", valueName: "text"))
    var name: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Scheme of the mark: ring, gaussian-shading, prc or ringid.", valueName: "scheme"))
    var scheme = "ring"

    @OptionGroup var latent: LatentShapeArgument
    @OptionGroup(title: "Ring keys") var ring: RingKeyArguments
    @OptionGroup(title: "Keys of Gaussian Shading, messages of PRC too") var shading: ShadingArguments
    @OptionGroup(title: "Keys of PRC") var prc: PRCArguments
    @OptionGroup(title: "Keys of RingID") var ringID: RingIDArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    /// Whether the key goes to standard output, which then carries nothing else.
    private var isStream: Bool { output == "-" }

    func validate() throws {
        if isStream, printing.json { throw ValidationError("--json and -o - cannot share standard output") }
    }

    func run() throws {
        if !isStream { try AtomicFile.requireWritable(output, overwrite: overwrite.force) }
        let stem = RawPath(output).lastComponent.description.split(separator: ".").first.map(String.init)
        let key = try key(name ?? (isStream ? nil : stem) ?? "key", for: latentShape())
        let description = KeyDescription(key, path: output)
        if isStream {
            try write(key)
        } else {
            try KeyFile.write(key, to: output, overwrite: overwrite.force)
            try description.write(json: printing.json)
        }
        if !printing.quiet { description.warnOfReach() }
    }

    private func key(_ name: String, for shape: LatentShape) throws -> any MarkKey {
        switch scheme {
        case "ring": return RingKey(name: name, geometry: try ring.geometry(shape))
        case "gaussian-shading": return try shading.key(name: name, latentShape: shape)
        case "prc": return try prc.key(name: name, latentShape: shape, message: shading)
        case "ringid": return RingIDKey(name: name, geometry: try ringID.geometry(shape))
        default:
            throw InputError(
                "--scheme", expected: "ring, gaussian-shading, prc or ringid", found: scheme, as: .invalidSetting)
        }
    }

    private func write(_ key: any MarkKey) throws {
        try key.data().withUnsafeBytes { try StandardOutput.write($0) }
        if !printing.quiet { Diagnostics.note("key \(key.identity.id) (\(Printable.name(key.identity.name)))") }
    }

    private func latentShape() throws -> LatentShape { try latent.shape() ?? model.open().model.latentShape }
}
