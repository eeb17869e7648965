import Files
import TestSupport
import Testing

/// Names of any bytes, and the text that carries them.
@Suite struct RawPathTests {
    private static let names: [[UInt8]] = [
        Array("photo.png".utf8), Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8), Array("\u{FFFD}".utf8), [0xFF],
        [0xFE],
        [0x61, 0xE2, 0x82, 0x2F, 0xED, 0xA0, 0x80, 0x62], [0xF0, 0x9F, 0x98, 0x80, 0xF0, 0x9F], [], Array("00ff".utf8),
    ]

    @Test func textHoldsEveryByte() {
        for name in Self.names {
            let path = RawPath(bytes: name)
            #expect(RawPath(path.text) == path, "\(name)")
            #expect(path.isText == !path.text.utf8.contains(0), "\(name)")
            if path.isText { #expect(path.text.utf8.elementsEqual(name)) }
        }
        let texts = Set(Self.names.map { Array(RawPath(bytes: $0).text.utf8) })
        #expect(texts.count == Self.names.count)
        #expect(RawPath(bytes: [0x61, 0xFF, 0x00]).text == "a\u{0}ff\u{0}00")
    }

    @Test func theLastPart() {
        for (path, last) in [("a/b.png", "b.png"), ("b.png", "b.png"), ("/", "/"), ("a//b/", "b"), ("/x", "x")] {
            #expect(RawPath(path).lastComponent == RawPath(last), "\(path)")
        }
        // As a character, a slash with an accent on it is none.
        #expect(RawPath("a/\u{301}b").lastComponent == RawPath("\u{301}b"))
    }

    /// Every reader and writer takes such a name.
    @Test func filesOfAnyName() throws {
        let folder = try TemporaryFolder()
        let below = folder.path(RawPath(bytes: [0xFF]).text)
        try Folder.make(below + "/sub")
        try Folder.make(below + "/sub")
        #expect(RawPath(below).isFolder)
        let names = ["caf\u{E9}", "cafe\u{301}", RawPath(bytes: [0xFE]).text, "line\nend"]
        for (index, name) in names.enumerated() {
            let path = "\(below)/sub/\(name)"
            try AtomicFile.write([UInt8(index)], to: path, overwrite: false)
            #expect(refusalCode { try AtomicFile.write([9], to: path, overwrite: false) } == .exists)
            try AtomicFile.write([UInt8(index)], to: path, overwrite: true)
            #expect(try [UInt8](InputFile.read(path, limit: 9)) == [UInt8(index)])
        }
        #expect(try Set(Folder.names(in: below + "/sub")) == Set(names.map { RawPath($0) }))
        #expect(Folder.of(below + "/sub") == below && Folder.of("x") == "." && Folder.of("/x") == "/")
    }

    @Test func aNULIsInNoName() {
        #expect(refusalCode { try InputFile.read("a\u{0}00b", limit: 9) } == .missing)
        #expect(refusalCode { try AtomicFile.write([1], to: "a\u{0}00b", overwrite: true) } == .notWritable)
        #expect(refusalCode { try Folder.make("a\u{0}00b") } == .notWritable)
    }
}
