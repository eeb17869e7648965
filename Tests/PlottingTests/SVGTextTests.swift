import Plotting
import Testing

@Suite struct SVGTextTests {
    @Test func aLongTextLosesItsMiddle() {
        let path = "/archive/" + String(repeating: "folder/", count: 40) + "photo.png"
        let shown = SVGText.fitted(path, width: 300, size: 12, face: .fixedWidth)
        #expect(SVGText.width(shown, size: 12, face: .fixedWidth) <= 300)
        #expect(shown.hasPrefix("/archive/") && shown.hasSuffix("/photo.png") && shown.contains("…"))
        // As much as fits: one sign more would not.
        #expect(SVGText.width(shown + "x", size: 12, face: .fixedWidth) > 300)
        #expect(SVGText.fitted("short", width: 300, size: 12) == "short")
        #expect(SVGText.fitted("no room", width: 1, size: 12) == "…")
    }

    /// What cannot be seen takes room once it is made visible.
    @Test func signsThatAreMadeVisibleAreMeasured() {
        let shown = SVGText.fitted(String(repeating: "\u{202E}", count: 50), width: 200, size: 12)
        #expect(shown.contains("\\u202e") && SVGText.width(shown, size: 12) <= 200)
    }

    @Test func linesBreakBetweenWords() throws {
        let text = "one two three four five six seven eight nine ten"
        let lines = SVGText.wrapped(text, width: 120, size: 12, lines: 10)
        #expect(lines.count > 2 && lines.joined(separator: " ") == text)
        for line in lines { #expect(SVGText.width(line, size: 12) <= 120) }
        let few = SVGText.wrapped(text, width: 120, size: 12, lines: 2)
        try #require(few.count == 2)
        #expect(few[0] == lines[0] && few[1].contains("…") && few[1].hasSuffix("ten"))
        #expect(SVGText.wrapped("", width: 120, size: 12, lines: 2).isEmpty)
    }
}
