/// A library that reads further formats. It is opened when the first of their files is met, and is not needed before.
public struct ImageLibrary: Sendable, Equatable {
    /// Its name, and what it is for: `libtiff, which reads TIFF`.
    public let description: String
    /// The Debian package that has it.
    public let package: String
    /// The names under which it is installed, the newest first.
    let fileNames: [String]

    package init(_ description: String, package: String, fileNames: [String]) {
        self.description = description
        self.package = package
        self.fileNames = fileNames
    }

    /// For TIFF.
    public static let tiff = ImageLibrary(
        "libtiff, which reads TIFF", package: "libtiff6", fileNames: ["libtiff.so.6", "libtiff.so.5"])

    /// For HEIC and AVIF.
    public static let heif = ImageLibrary(
        "libheif, which reads HEIC and AVIF", package: "libheif1", fileNames: ["libheif.so.1"])
    /// For JPEG XL.
    public static let jpegXL = ImageLibrary(
        "libjxl, which reads JPEG XL", package: "libjxl0.7",
        fileNames: ["libjxl.so.0.11", "libjxl.so.0.10", "libjxl.so.0.9", "libjxl.so.0.8", "libjxl.so.0.7"])

    /// All there are.
    public static let all = [tiff, heif, jpegXL]
}
