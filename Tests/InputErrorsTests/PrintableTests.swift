import InputErrors
import Testing

/// What people are shown of text from outside.
@Suite struct PrintableTests {
    @Test(arguments: [
        ("photo.png", "photo.png"), ("a b.png", "a b.png"), ("caf\u{E9} \u{4E2D}.png", "caf\u{E9} \u{4E2D}.png"),
        ("a\nb", "$'a\\nb'"), ("\u{1B}[2J", "$'\\033[2J'"), ("a\u{202E}gnp", "$'a\\u202egnp'"),
        ("\u{E0041}", "$'\\U000e0041'"), ("a\r\tb", "$'a\\r\\tb'"), ("\u{2028}", "$'\\u2028'"),
        ("\u{9B}31m", "$'\\u009b31m'"),
        ("it's\n\\", "$'it\\'s\\n\\\\'"), ("it's", "it's"), ("\u{0}ff.png", "$'\\377.png'"), ("\u{0}g", "$'\\000g'"),
        ("a  b", "'a  b'"), (" a", "' a'"), ("a ", "'a '"), ("", "''"), ("a\u{A0} b", "'a\u{A0} b'"),
        ("'a'", "''\\''a'\\'''"), ("$'a\\n'", "'$'\\''a\\n'\\'''"),
    ]) func names(_ name: String, _ shown: String) { #expect(Printable.name(name) == shown) }

    @Test func wordsAreNotQuoted() {
        #expect(Printable.text("it's  a\n\u{1B}[31m\u{0}fe\\n") == "it's  a\\n\\033[31m\\376\\n")
        #expect(Printable.text("plain, caf\u{E9}") == "plain, caf\u{E9}")
    }

    @Test func shellQuotation() {
        #expect(Printable.quoted("a b") == "'a b'" && Printable.quoted("it's") == "'it'\\''s'")
        // As a character, a quotation mark with an accent on it is none.
        #expect(Printable.quoted("'\u{301}; rm x") == "''\\''\u{301}; rm x'")
        #expect(Printable.quoted("a\u{0}ff") == "$'a\\377'")
    }

    /// Nothing that is printed can begin a line, move the cursor or turn the direction of writing.
    @Test func nothingUnseenIsLeft() {
        let unseen = (0...0x2FFF).compactMap(Unicode.Scalar.init).filter {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        #expect(unseen.count > 80)
        for scalar in unseen {
            for shown in [
                Printable.text("a\(scalar)b"), Printable.name("a\(scalar)b"), Printable.quoted("a\(scalar)b"),
            ] {
                #expect(shown.unicodeScalars.allSatisfy { !unseen.contains($0) }, "\(scalar.value)")
            }
        }
    }
}
