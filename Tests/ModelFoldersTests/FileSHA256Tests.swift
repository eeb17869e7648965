import Cryptography
import Foundation
import ModelFolders
import TestSupport
import Testing

@Suite struct FileSHA256Tests {
    /// FIPS 180-2, appendix B, and the hash of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func publishedHashes(_ text: String, _ expected: String) {
        for isPortable in [false, true] {
            let hash = FileSHA256(isPortable: isPortable)
            Array(text.utf8).withUnsafeBytes { hash.update($0) }
            #expect(hash.finish().hexadecimal == expected)
        }
    }

    /// Both ways, in pieces of any length, give what `SHA256` gives of the whole.
    @Test func piecesOfAnyLength() {
        let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
        let expected = SHA256.hash(bytes)
        for piece in [1, 63, 64, 65, 4096, 100_003] {
            for isPortable in [false, true] {
                let hash = FileSHA256(isPortable: isPortable)
                bytes.withUnsafeBytes { bytes in
                    for start in stride(from: 0, to: bytes.count, by: piece) {
                        let end = min(start + piece, bytes.count)
                        hash.update(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                    }
                }
                #expect(hash.finish() == expected, "pieces of \(piece), portable: \(isPortable)")
            }
        }
    }

    @Test func theHashOfAFileInAModelIsItsSHA256() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
        try folder.write("weights.bin", Data(bytes))
        let digest = try ModelDigest(of: folder.url, paths: ["weights.bin"])
        #expect(digest.files.map(\.sha256) == [SHA256.hash(bytes).hexadecimal])
    }

    @Test func thePortableWayIsNotTheFastOne() {
        #expect(!FileSHA256(isPortable: true).isFast)
    }
}
