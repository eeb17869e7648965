import Foundation
import InputErrors
import RingkeyKit
import TestSupport
import Testing

/// Files of prompts.
struct PromptFileTests {
    @Test func promptsAreTheSameWhereverTheFileWasMade() throws {
        let folder = try TemporaryFolder()
        for text in ["sea at dawn\n\nhills\n\n", "\u{FEFF}sea at dawn\r\n\r\nhills\r\n\r\n", "sea at dawn\r\rhills"] {
            #expect(try PromptFile.read(folder.write("p.txt", Data(text.utf8))) == ["sea at dawn", "", "hills"])
        }
        for text in ["\n\r\n", "\u{FEFF}"] {
            #expect(refusalCode { try PromptFile.read(folder.write("p.txt", Data(text.utf8))) } == .empty)
        }
        let wide = try folder.write("u.txt", #require("sea".data(using: .utf16)))
        #expect(refusalCode { try PromptFile.read(wide) } == .textEncoding)
    }
}
