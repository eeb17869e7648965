/// A file format, recognised by the first bytes and never by the file name.
enum ImageFormat {
    case png, jpeg, webp, gif, bmp, tiff, heif, jpegXL
    /// A known format that is not read.
    case unsupported(String)

    /// The lengths of the headers that may follow the first 14 bytes of a BMP.
    private static let bitmapHeaders: [UInt8] = [12, 40, 52, 56, 64, 108, 124]

    /// Nil where the bytes are of no known format.
    init?(_ bytes: [UInt8]) {
        func starts(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("GIF8") {
            self = .gif
        } else if ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains(where: { starts($0) }) {
            self = .tiff
        } else if starts("BM"), bytes.count >= 16, bytes[15] == 0, Self.bitmapHeaders.contains(bytes[14]) {
            self = .bmp
        } else if ["ftypavi", "ftyphei", "ftyphev", "ftypmif1", "ftypmsf1"].contains(where: { starts($0, at: 4) }) {
            self = .heif
        } else if bytes.starts(with: [0xFF, 0x0A]) || starts("JXL ", at: 4) {
            self = .jpegXL
        } else if starts("%PDF") {
            self = .unsupported("PDF")
        } else {
            return nil
        }
    }

    /// Its name, where it is not read.
    var unsupportedName: String? {
        if case .unsupported(let name) = self { name } else { nil }
    }

    /// What reads it; nil for a format that is not read.
    var decoder: (any FormatDecoder.Type)? {
        switch self {
        case .png: PNGDecoder.self
        case .jpeg: JPEGDecoder.self
        case .webp: WebPDecoder.self
        case .gif: GIFDecoder.self
        case .bmp: BMPDecoder.self
        case .tiff: TIFFDecoder.self
        case .heif: HEIFDecoder.self
        case .jpegXL: JPEGXLDecoder.self
        case .unsupported: nil
        }
    }
}
