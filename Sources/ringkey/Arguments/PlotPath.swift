import ArgumentParser
import RingkeyKit

/// The path of `--plot`, with the format that its ending names.
struct PlotPath: ExpressibleByArgument {
    let path: String
    /// Nil for another ending, which `validate` refuses.
    private let format: PictureFile.Format?

    init(argument: String) {
        path = argument
        format = PictureFile.Format(of: argument)
    }

    /// - Throws: `ValidationError` for another ending.
    func validate() throws { _ = try knownFormat() }

    /// - Throws: `InputError` where the file cannot be written.
    func open(overwrite: Bool) throws -> PictureFile {
        try PictureFile(path, format: knownFormat(), overwrite: overwrite)
    }

    private func knownFormat() throws -> PictureFile.Format {
        guard let format else {
            throw ValidationError("--plot writes a file that ends in .svg or .png, found \(path)")
        }
        return format
    }
}
