import Foundation
import Images
import InputErrors
import Pictures
import TestSupport
import Testing

/// What a file says that its pixels do not show: colour profiles and deep samples.
@Suite struct PictureNoteTests {
    private func notes(_ path: String) throws -> [PictureNote] {
        try ImageDecoder.picture(ImageFixtures.bytes(path), named: path).notes
    }

    @Test func profilesOtherThanSRGBAreNamed() throws {
        let names = try JSONDecoder().decode(
            [String: String?].self, from: Data(contentsOf: Fixtures.url("Images/profiles.json")))
        try #require(names.count > 20)
        for (file, name) in names {
            let expected = name.map { [PictureNote.colourProfileIgnored($0)] } ?? []
            #expect(try notes("profiles/\(file)") == expected, "\(file)")
        }
    }

    @Test func samplesOfSixteenBitsAreTold() throws {
        for name in ["grey16", "greyalpha16", "rgb16", "rgba16-interlaced"] {
            #expect(try notes("formats/\(name).png") == [.bitDepthReduced(from: 16)], "\(name)")
        }
        for name in ["grey1", "palette4", "rgb8", "rgba8"] { #expect(try notes("formats/\(name).png") == []) }
    }

    /// A profile whose bytes are damaged is read or passed over; it never traps.
    @Test func damagedProfilesNeverTrap() throws {
        let bytes = try ImageFixtures.bytes("profiles/srgb-para.jpg")
        for index in bytes.indices {
            for value in [0, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] = value
                do {
                    _ = try ImageDecoder.picture(damaged, named: "damaged", limitMegapixels: 1)
                } catch is InputError {
                    continue
                }
            }
        }
    }
}
