import ArgumentParser
import Files
import Foundation
import InputErrors
import KeyDocuments
import Marks
import RingIDKeys
import RingKeys
import RingkeyKit
import SeedKeys
import ShadingKeys

/// `ringkey key import`.
struct KeyImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turn a key of another tool into a key file.",
        discussion: """
            What can be imported:
              an array of the Tree-Ring package: the shifted complex spectrum, [1, C, h, w], in a file named \
            MODEL_CHANNEL_RADIUS_PATTERN.npy, or .npz with one array; flags give what the name does not say
              --pattern ringid: a pattern of RingID, the shifted complex spectrum, [1, C, h, h]
              --pattern prc: the arrays of a pseudorandom code, .npz (docs/schemes/prc.md has the script that writes it)
              a configuration of MarkDiffusion 1.0.2: TR.json, GS.json, PRC.json
              --chacha-key, --chacha-nonce: a key of Gaussian Shading; with --message the one that is looked for, without \
            it any message is read
              --w-seed: the Tree-Ring scripts' key by their own settings
              --torch-seed: the initial noise of a seed, which is a key to every image that was made from it

            Keys of the patterns ring and rand have an exact p-value; zeros, const, hand-written rings and other values \
            that were not drawn at random do not. A seed's key has no smaller p-value than one over the number of seeds.

            Examples:
              ringkey key import 0a1b2c_3_10_ring.npy -o ring.key.json
              ringkey key import key.npy --channel 3 --radius 10 --pattern rand -o rand.key.json
              ringkey key import ri.npy --pattern ringid -o ri.key.json
              ringkey key import prc.npz --pattern prc --shape 4x64x64 --message-hex 0123… -o prc.key.json
              ringkey key import --w-seed 999999 --pattern ring --channel 3 --radius 10 -o ring.key.json
              ringkey key import TR.json --device cuda -o tr.key.json
              ringkey key import --chacha-key key.hex --chacha-nonce 000102030405060708090a0b -o gs.key.json
              ringkey key import --torch-seed 42 --device cuda --shape 4x64x64 -o seed.key.json
            """)

    @Argument(help: ArgumentHelp("The other tool's file.", valueName: "file"))
    var file: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Key file to write.", valueName: "file"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("The whole initial noise of this seed is the key.", valueName: "seed"))
    var torchSeed: UInt64?

    @Option(name: .long, help: ArgumentHelp("w_seed of the Tree-Ring scripts.", valueName: "seed"))
    var wSeed: UInt64?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Keyed channel; -1 for all.", valueName: "n"))
    var channel: Int?

    @Option(name: .long, help: ArgumentHelp("Radius of the circle, or of RingID's outermost ring.", valueName: "n"))
    var radius: Int?

    @Option(name: .long, help: ArgumentHelp("ring, rand, zeros or const; or ringid, prc.", valueName: "pattern"))
    var pattern: String?

    @Option(name: .long, help: ArgumentHelp("Name to show in verdicts. Default: the file name.", valueName: "text"))
    var name: String?

    @OptionGroup(title: "Keys of Gaussian Shading") var chacha: ChaChaArguments
    @OptionGroup(title: "Keys of Gaussian Shading") var shading: ShadingArguments
    @OptionGroup(title: "Keys of RingID") var ringID: RingIDLevelArguments
    @OptionGroup(title: "Where the key was drawn") var drawing: DrawingArguments
    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        let sources = [file != nil, torchSeed != nil, wSeed != nil, chacha.chachaKey != nil].count { $0 }
        if sources != 1 {
            throw ValidationError("give one of FILE, --torch-seed, --w-seed and --chacha-key, found \(sources)")
        }
        if wSeed != nil, channel == nil || radius == nil || pattern == nil {
            throw ValidationError("--w-seed needs --pattern, --channel and --radius")
        }
        if torchSeed != nil, channel != nil || radius != nil || pattern != nil {
            throw ValidationError(
                "--pattern, --channel and --radius are for --w-seed and the Tree-Ring package's files")
        }
    }

    func run() throws {
        try OutputPaths.requireApart([output], from: [file, chacha.chachaKey].compactMap(\.self))
        try AtomicFile.requireWritable(output, overwrite: overwrite.force)
        let key = try imported()
        try KeyFile.write(key, to: output, overwrite: overwrite.force)
        let description = KeyDescription(key, path: output)
        try description.write(json: printing.json)
        if !printing.quiet { description.warnOfReach() }
    }

    private func imported() throws -> any MarkKey {
        let stem = RawPath(file ?? output).lastComponent.description.split(separator: ".").first.map(String.init)
        let name = self.name ?? stem ?? "key"
        if let torchSeed {
            let context = try drawing.context(name: name, usually: .float32)
            try KeyDocument.require(context.latentShape, subject: "--shape", as: .invalidSetting)
            return SeedKey(
                name: name,
                source: SeedNoise(
                    seed: torchSeed, device: context.device, precision: context.precision,
                    latentShape: context.latentShape))
        }
        if let stream = try chacha.stream() {
            let shape = try drawing.context(name: name, usually: .float32).latentShape
            let geometry = try shading.geometry(shape)
            return ShadingKey(name: name, geometry: geometry, stream: stream, message: try shading.bits(geometry))
        }
        if let wSeed { return try treeRing(wSeed, drawing.context(name: name, usually: .float16)) }
        let file = file ?? ""
        if MarkDiffusionConfiguration.isNamed(file) {
            return try MarkDiffusionConfiguration(contentsOf: file).key(
                drawing.context(name: name, usually: drawing.device == "cpu" ? .float32 : .float16))
        }
        if pattern == "prc" { return try code(file, name) }
        if pattern == "ringid" { return try ringIDKey(file, name) }
        return try RingKey(reference: file, channel: channel, radius: radius, pattern: pattern, name: self.name)
    }

    private func code(_ file: String, _ name: String) throws -> any MarkKey {
        guard channel == nil, radius == nil else {
            throw InputError(
                "--channel, --radius", expected: "none for a pseudorandom code", found: "one", as: .invalidSetting)
        }
        return try PRCArrays(contentsOf: file).key(
            name: name, latentShape: drawing.context(name: name, usually: .float32).latentShape,
            message: shading.bits)
    }

    private func ringIDKey(_ file: String, _ name: String) throws -> any MarkKey {
        if channel != nil {
            throw InputError(
                "--channel", expected: "none, for a pattern of RingID shows its channels", found: "\(channel ?? 0)",
                as: .invalidSetting)
        }
        var settings = RingIDPattern(path: file)
        settings.radius = radius ?? settings.radius
        settings.innerRadius = ringID.innerRadius
        settings.levels = ringID.levels
        settings.range = ringID.levelRange ?? settings.range
        return try settings.key(name: name)
    }

    private func treeRing(_ seed: UInt64, _ context: ImportContext) throws -> any MarkKey {
        guard let pattern = KeyGeometry.Pattern(rawValue: "tree-ring/\(pattern ?? "")") else {
            throw InputError(
                "--pattern", expected: "ring, rand, zeros or const", found: pattern ?? "", as: .invalidSetting)
        }
        try KeyDocument.require(context.latentShape, subject: "--shape", as: .invalidSetting)
        return try TreeRingSeed(
            seed: seed, device: context.device, precision: context.precision, latentShape: context.latentShape,
            pattern: pattern, channel: channel ?? -1, radius: radius ?? 0
        ).key(name: context.name)
    }
}
