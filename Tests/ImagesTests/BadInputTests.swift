import Foundation
import Images
import InputErrors
import TestSupport
import Testing

/// What is refused, and in which words.
@Suite struct BadInputTests {
    private static let heif = "a complete HEIC or AVIF image"
    private static let tiff = "a complete TIFF image that libtiff turns into RGB"
    private static let known = "an image: PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, HEIC or JPEG XL"

    @Test(arguments: [
        ("empty.png", "a file with content", "an empty file", InputError.Code.empty),
        ("text.png", known, "text", .notAnImage),
        ("binary.png", known, "other content", .notAnImage),
        ("gif.png", "a complete GIF image", "no image", .damaged),
        ("tiff.png", tiff, "Can not read TIFF directory", .damaged),
        ("bmp.png", "a complete BMP image", "missing data", .damaged),
        ("avif.png", heif, "Invalid input: No 'meta' box", .damaged),
        ("heic.png", heif, "Invalid input: No 'meta' box", .damaged),
        ("truncated.png", "a complete PNG image", "the end of the data before the end of the image", .damaged),
        ("lying-size.png", "a complete PNG image", "Not enough image data", .damaged),
        ("huge.png", "at most 100 megapixels", "20000×20000", .tooLarge),
        ("zero.png", "a complete PNG image", "Invalid IHDR data", .damaged),
        ("wrong-checksum.png", "a complete PNG image", "IDAT: CRC error", .damaged),
        ("truncated.jpg", "a complete JPEG image", "Premature end of JPEG file", .damaged),
        ("lying-size.jpg", "a complete JPEG image", "Corrupt JPEG data: premature end of data segment", .damaged),
        ("huge.jpg", "at most 100 megapixels", "20000×20000", .tooLarge),
        ("damaged.jpg", "a complete JPEG image", "Corrupt JPEG data: premature end of data segment", .damaged),
        ("truncated.webp", "a complete WebP image", "damaged or missing data", .damaged),
        ("huge.webp", "at most 100 megapixels", "16384×16384", .tooLarge),
    ])
    func theErrorNamesFileExpectedAndFound(name: String, expected: String, found: String, code: InputError.Code) {
        let path = Fixtures.url("Images/bad/\(name)").path
        #expect(throws: InputError(path, expected: expected, found: found, as: code)) { try ImageFile.read(path) }
    }

    @Test func whatIsNoFileIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appendingPathComponent("pipe.png").path
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(refusalCode { try ImageFile.read(folder.path) } == .notAFile)
        #expect(refusalCode { try ImageFile.read(folder.appendingPathComponent("missing.png").path) } == .missing)
        #expect(refusalCode { try ImageFile.read(pipe) } == .notAFile)
    }

    @Test func noBytesAreRefused() {
        #expect(throws: InputError("bytes", expected: Self.known, found: "no bytes", as: .notAnImage)) {
            try ImageDecoder.decode([], named: "bytes")
        }
    }

    /// The array of a limit raised without bound must not overflow or exhaust memory.
    @Test func aLimitRaisedWithoutBoundStillHasOne() throws {
        let bytes = try ImageFixtures.bytes("bad/enormous.png")
        #expect(
            throws: InputError(
                "enormous.png", expected: "at most 1073741824 pixels", found: "2147483647×2147483647", as: .tooLarge)
        ) { try ImageDecoder.decode(bytes, named: "enormous.png", limitMegapixels: .infinity) }
    }

    /// A truncated file either decodes to its true size or is refused with an `InputError`; it never traps.
    @Test(arguments: [
        "rgb8.png", "palette4-trns-interlaced.png", "baseline-420.jpg", "progressive-420.jpg", "cmyk.jpg", "padded.jpg",
        "lossy.webp", "lossless.webp", "lossy-alpha.webp",
    ])
    func everyPrefixDecodesOrIsRefused(name: String) throws {
        let bytes = try ImageFixtures.bytes("formats/\(name)")
        let whole = try ImageDecoder.decode(bytes, named: name)
        var accepted = 0
        for count in 0..<bytes.count {
            do {
                let image = try ImageDecoder.decode(Array(bytes[..<count]), named: name)
                #expect(image == whole, "\(name) cut to \(count) of \(bytes.count) bytes is another image")
                accepted += 1
            } catch is InputError {
                continue
            }
        }
        // What may be missing is the padding after the last bit of the picture.
        #expect(accepted <= 8, "\(accepted) of \(bytes.count) prefixes were accepted")
    }

    /// A flipped bit anywhere gives an image or an `InputError`, never a trap.
    @Test(arguments: ["rgb16-interlaced.png", "palette2.png", "progressive-420.jpg", "ycck.jpg", "lossy-alpha.webp"])
    func everyDamagedByteDecodesOrIsRefused(name: String) throws {
        let bytes = try ImageFixtures.bytes("formats/\(name)")
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= UInt8(1 << (index % 8))
            do {
                _ = try ImageDecoder.decode(damaged, named: name, limitMegapixels: 1)
            } catch is InputError {
                continue
            }
        }
    }
}
