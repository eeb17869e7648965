import Cryptography
import Files
import Foundation
import Images
import Pictures
import Verdicts

/// A small picture of an image, made only if the file is still the one that was judged.
enum Thumbnail {
    /// The longer side in pixels: twice what is shown, for fine screens.
    static let side = 192
    private static let quality = 72
    private static let limitMegapixels = 100.0

    /// What stands in the place of the picture.
    enum Failure: String, Error {
        case gone = "no picture: the file is not there"
        case changed = "no picture: the file has changed since"
        case unreadable = "no picture: the file cannot be decoded"
    }

    /// A JPEG of the file at `path` as it is shown, if length and SHA-256 are those of the judgement. Whatever path a results file names,
    /// nothing but an image that was audited gets into a report.
    /// - Parameter folder: where a relative path is looked for first; then in the current folder.
    static func jpeg(path: String, in folder: String?, of judgement: Judgement) throws(Failure) -> [UInt8] {
        let candidates =
            path.utf8.starts(with: "/".utf8) ? [path] : [folder.map { $0 + "/" + path }, path].compactMap { $0 }
        let existing = candidates.filter { RawPath($0).status != nil }
        guard !existing.isEmpty, judgement.bytes > 0, judgement.bytes <= ImageFile.largestFile else { throw .gone }
        guard let data = existing.lazy.compactMap({ content($0, judgement) }).first else { throw .changed }
        guard let picture = try? ImageDecoder.picture([UInt8](data), named: path, limitMegapixels: limitMegapixels),
            let jpeg = try? JPEGEncoder.encode(picture.orientation.applied(to: shrunk(picture.image)), quality: quality)
        else { throw .unreadable }
        return jpeg
    }

    /// The file's content, if it is what was judged.
    private static func content(_ path: String, _ judgement: Judgement) -> Data? {
        guard let data = try? InputFile.read(path, limit: judgement.bytes), data.count == judgement.bytes,
            FileDigest(hexadecimal: data.withUnsafeBytes(SHA256.hash).hexadecimal) == judgement.digest
        else { return nil }
        return data
    }

    private static func shrunk(_ image: RGBImage) -> RGBImage {
        let longer = max(image.width, image.height)
        guard longer > side else { return image }
        func scaled(_ length: Int) -> Int { max(1, (length * side + longer / 2) / longer) }
        return Resampling.resize(image, width: scaled(image.width), height: scaled(image.height))
    }
}
