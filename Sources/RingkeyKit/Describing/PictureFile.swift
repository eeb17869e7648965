import Files
import Foundation
import Images
import Plotting

/// A picture as a file: SVG or PNG, by its ending.
public struct PictureFile {
    /// The formats; the raw value is the ending.
    public enum Format: String, CaseIterable, Sendable {
        case svg, png

        /// The format that a path's ending names, in any case of letters; nil for another ending.
        public init?(of path: String) { self.init(rawValue: (path as NSString).pathExtension.lowercased()) }
    }

    private let path: String
    private let overwrite: Bool
    private let rasteriser: SVGRasteriser?

    /// Sees to it that the file can be written before any work is done.
    /// - Parameters:
    ///   - path: where the picture goes.
    ///   - format: of the path's ending.
    ///   - overwrite: whether an existing file may be replaced.
    /// - Throws: `InputError` where it cannot, or where librsvg is missing for PNG.
    public init(_ path: String, format: Format, overwrite: Bool) throws {
        try AtomicFile.requireWritable(path, overwrite: overwrite)
        self.path = path
        self.overwrite = overwrite
        rasteriser = format == .png ? try SVGRasteriser() : nil
    }

    /// Writes a picture.
    /// - Parameters:
    ///   - document: the picture.
    ///   - pixelWidth: of a PNG.
    public func write(_ document: SVGDocument, pixelWidth: Int) throws {
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
