import Cryptography
import Foundation
import ModelFolders
import TestSupport
import Testing

@Suite struct DigestCacheTests {
    /// The hash of a file from 1 MB on is kept and taken the next time; one that is damaged or of an older file is not.
    @Test func hashesOfLargeFilesAreKept() async {
        // A process of its own, because the environment is everybody's.
        await #expect(processExitsWith: .success) {
            let (folder, cache) = (try TemporaryFolder(), try TemporaryFolder())
            setenv("RINGKEY_CACHE", cache.url.path, 1)
            let bytes = [UInt8](repeating: 7, count: 1 << 20)
            try folder.write("large", Data(bytes))
            try folder.write("small", Data(bytes.dropLast()))
            let right = SHA256.hash(bytes).hexadecimal
            func largeHash() throws -> String? {
                try ModelDigest(of: folder.url, paths: ["large", "small"]).files.first?.sha256
            }

            #expect(try largeHash() == right)
            let names = try FileManager.default.contentsOfDirectory(atPath: cache.path("digests"))
            try #require(names.count == 1)
            let entry = "digests/\(names[0])"
            func kept(_ hash: String, as name: String = names[0]) -> Data {
                Data((hash + SHA256.hash(Array((name + hash).utf8)).hexadecimal.prefix(16)).utf8)
            }
            #expect(try cache.content(entry) == kept(right))

            let other = String(repeating: "0", count: 64)
            try cache.write(entry, kept(other))
            #expect(try largeHash() == other)
            let damaged = [
                kept(other).dropLast(), kept(other) + [48], Data(other.utf8), Data(right.utf8), Data(),
                Data(other.utf8) + kept(right).suffix(16), kept(other, as: String(names[0].reversed())),
            ]
            for content in damaged {
                try cache.write(entry, content)
                #expect(try largeHash() == right)
                #expect(try cache.content(entry) == kept(right))
            }

            try cache.write(entry, kept(other))
            try folder.write("large", Data(bytes))
            #expect(try largeHash() == right)
        }
    }
}
