import ArgumentParser
import InputErrors
import Tensors

/// A latent shape as users write it: `4x64x64`.
struct LatentShapeArgument: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Latent shape, like 4x64x64. Default: the model's.", valueName: "CxHxW"))
    var latent: String?

    /// Nil where none was given.
    func shape() throws -> LatentShape? { try latent.map { try Self.shape($0, flag: "--latent") } }

    /// - Parameter flag: stands for the text in errors.
    static func shape(_ text: String, flag: String) throws -> LatentShape {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        let extents = parts.compactMap { Int($0) }
        guard extents.count == 3, parts.count == 3 else {
            throw InputError(flag, expected: "CHANNELSxHEIGHTxWIDTH, like 4x64x64", found: text, as: .invalidSetting)
        }
        return LatentShape(channels: extents[0], height: extents[1], width: extents[2])
    }
}
