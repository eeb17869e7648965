import ArgumentParser
import Files
import InputErrors
import RingkeyKit
import SeedKeys
import TensorFiles
import Tensors

/// `ringkey noise`.
struct NoiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "noise",
        abstract: "Write initial noise marked with a key, for another generator to start from.",
        discussion: """
            The file is a float32 array [N, C, h, w]. Give it to a diffusion pipeline as its initial latents. It carries \
            the mark: anyone who has it can copy the mark. Its mode is 0600.

            Examples:
              ringkey noise --key my.key.json -o z_T.npy
              ringkey noise --key my.key.json --seed 7 --count 16 -o z_T.npy
            """)

    @Option(name: .long, help: ArgumentHelp("Key file.", valueName: "file"))
    var key: String

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file.npy"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Seed of the noise. Default: random.", valueName: "n"))
    var seed: UInt64?

    @Option(name: .long, help: ArgumentHelp("Number of latents.", valueName: "n"))
    var count = 1

    @OptionGroup var printing: OutputArguments
    @OptionGroup var overwrite: ForceArgument

    func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--count takes 1 to 100000, found \(count)") }
    }

    func run() throws {
        try OutputPaths.requireApart([output], from: [key])
        try AtomicFile.requireWritable(output, overwrite: overwrite.force)
        let key = try KeyFile.read(key)
        if key is SeedKey, count > 1, !printing.quiet {
            Diagnostics.warning("a seed has one noise: all \(count) are the same")
        }
        let seed = self.seed ?? UInt64.random(in: 0..<1 << 32)
        let shape = key.latentShape.tensorShape(batch: count)
        guard shape.reduce(1, *) <= 1 << 30 else {
            throw InputError(
                "--count", expected: "at most 4 GiB of noise", found: "\(count) of \(key.latentShape)", as: .tooLarge)
        }
        try Memory.require(shape.reduce(4, *), for: "--count")
        var noise = Tensor(normal: shape, seed: seed)
        try key.embed(into: &noise)
        try noise.npy.write(to: output, overwrite: overwrite.force, permissions: 0o600)
        if printing.json {
            try JSONLine.write(
                Report(path: RawPath(output).description, key: key.identity.id, seed: seed, shape: shape))
        } else {
            let name = Printable.name(key.identity.name)
            try StandardOutput.write(
                lines: "\(Printable.name(output))  \(shape)  seed \(seed)  key \(key.identity.id) (\(name))")
        }
    }

    private struct Report: Encodable {
        let path: String
        let key: String
        let seed: UInt64
        let shape: [Int]
    }
}
