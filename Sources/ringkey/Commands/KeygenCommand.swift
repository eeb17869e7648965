import ArgumentParser
import Files
import Foundation
import InputErrors
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
              ringkey keygen -o - --name mine | age -p > my.key.age

            Patterns:
              spread  hundreds of numbers, strong evidence (default)
              ring    few numbers, still found after the image is rotated
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Key file to write; - for standard output.", valueName: "file"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Name to show in verdicts. Default: the file name.", valueName: "text"))
    var name: String?

    @Option(name: .long, help: ArgumentHelp("spread or ring.", valueName: "pattern"))
    var pattern = KeyGeometry.Pattern.spread.rawValue

    @Option(name: .long, help: ArgumentHelp("Radius of the keyed disc, in cycles per plane.", valueName: "cycles"))
    var radius = 10.0

    @Option(name: .long, help: ArgumentHelp("Width of a ring.", valueName: "cycles"))
    var ringWidth = 1.0

    @Option(name: .long, help: ArgumentHelp("Keyed channels, like 0,3. Default: all.", valueName: "list"))
    var channels: String?

    @Option(name: .long, help: ArgumentHelp("Latent shape, like 4x64x64. Default: the model's.", valueName: "CxHxW"))
    var latent: String?

    @Option(name: .long, help: ArgumentHelp("Phase origin of rings: centre or corner.", valueName: "where"))
    var phaseOrigin = KeyGeometry.PhaseOrigin.centre.rawValue

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
        guard let pattern = KeyGeometry.Pattern(rawValue: pattern), pattern.isNative else {
            throw InputError("--pattern", expected: "spread or ring", found: self.pattern, as: .invalidSetting)
        }
        guard let phaseOrigin = KeyGeometry.PhaseOrigin(rawValue: phaseOrigin) else {
            throw InputError(
                "--phase-origin", expected: "centre or corner", found: self.phaseOrigin, as: .invalidSetting)
        }
        let shape = try latentShape()
        let geometry = try KeyGeometry(
            pattern: pattern, radius: radius, ringWidth: ringWidth, channels: channelList(), latentShape: shape,
            phaseOrigin: phaseOrigin, subject: "key")
        let stem = RawPath(output).lastComponent.description.split(separator: ".").first.map(String.init)
        let key = RingKey(name: name ?? (isStream ? nil : stem) ?? "key", geometry: geometry)
        let description = KeyDescription(key, path: output)
        if isStream {
            try write(key)
        } else {
            try key.write(to: output, overwrite: overwrite.force)
            try description.write(json: printing.json)
        }
        if !printing.quiet { description.warnOfReach() }
    }

    private func write(_ key: RingKey) throws {
        try key.data().withUnsafeBytes { try StandardOutput.write($0) }
        if !printing.quiet { Diagnostics.note("key \(key.id) (\(Printable.name(key.name)))") }
    }

    private func latentShape() throws -> LatentShape {
        guard let latent else { return try model.open().model.latentShape }
        let extents = latent.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard extents.count == 3, latent.split(separator: "x").count == 3 else {
            throw InputError(
                "--latent", expected: "CHANNELSxHEIGHTxWIDTH, like 4x64x64", found: latent, as: .invalidSetting)
        }
        return LatentShape(channels: extents[0], height: extents[1], width: extents[2])
    }

    /// Nil for all.
    private func channelList() throws -> [Int]? {
        guard let channels else { return nil }
        let parts = channels.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count else {
            throw InputError("--channels", expected: "numbers like 0,3", found: channels, as: .invalidSetting)
        }
        return numbers
    }
}
