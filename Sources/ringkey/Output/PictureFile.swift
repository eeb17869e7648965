import ArgumentParser
import Foundation
import Images
import Plotting
import Tensors

/// The file of `--plot`: SVG or PNG, by its ending.
struct PictureFile {
    private enum Kind: String, CaseIterable {
        case svg, png

        init?(_ path: String) {
            self.init(rawValue: (path as NSString).pathExtension.lowercased())
        }
    }

    private let path: String
    private let overwrite: Bool
    private let rasteriser: SVGRasteriser?

    /// - Throws: `ValidationError` for another ending.
    static func validate(_ path: String) throws {
        guard Kind(path) == nil else { return }
        throw ValidationError("--plot writes a file that ends in .svg or .png, found \(path)")
    }

    /// Sees to it that the file can be written before any work is done.
    /// - Throws: `InputError` where it cannot, or where librsvg is missing for PNG.
    init(_ path: String, overwrite: Bool) throws {
        try AtomicFile.requireWritable(path, overwrite: overwrite)
        self.path = path
        self.overwrite = overwrite
        rasteriser = Kind(path) == .png ? try SVGRasteriser() : nil
    }

    /// Writes a picture.
    /// - Parameter pixelWidth: of a PNG.
    func write(_ document: SVGDocument, pixelWidth: Int) throws {
        let data: Data
        if let rasteriser {
            let height = Double(pixelWidth) * document.size.height / document.size.width
            let image = try rasteriser.image(document.svg, width: pixelWidth, height: Int(height.rounded()))
            data = try Data(PNGEncoder.encode(image))
        } else {
            data = Data(document.svg.utf8)
        }
        try AtomicFile.write(data, to: path, overwrite: overwrite)
    }
}
