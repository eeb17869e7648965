import Files
import Foundation
import Testing

/// The one scanner of JSON, held against the standard and against Foundation.
@Suite struct JSONScannerTests {
    private func scan<Value>(_ text: [UInt8], _ body: (inout JSONScanner) throws -> Value) throws -> Value {
        try text.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            let value = try body(&scanner)
            try scanner.expectEnd()
            return value
        }
    }

    private func scan<Value>(_ text: String, _ body: (inout JSONScanner) throws -> Value) throws -> Value {
        try scan(Array(text.utf8), body)
    }

    private func refusal<Value>(_ text: String, _ body: (inout JSONScanner) throws -> Value) -> String? {
        #expect(throws: JSONScanner.Malformed.self, "\(text)") { _ = try scan(text, body) }
            .map { "\($0.expected) at \($0.offset)" }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("12", 12), ("-1.5", -1.5), ("1e3", 1000), ("1E-2", 0.01), ("0.25e+1", 2.5),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("5e-324", .leastNonzeroMagnitude),
        ] as [(String, Double)])
    func numbers(_ text: String, _ value: Double) throws {
        #expect(try scan(" " + text + " ") { try $0.number() } == value)
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "00", ".5", "1.", "1.e2", "1e", "1e+", "0x1", "NaN", "Infinity", "1 2", "1-2",
        "1e999",
        "-1e999", "x", "١",
    ])
    func noNumbers(_ text: String) {
        #expect(refusal(text) { try $0.number() } != nil)
        #expect(refusal("[\(text.isEmpty ? "," : text)]") { try $0.skip() } != nil)
    }

    /// Nanoseconds since 1970 do not fit the 53 bits of a Double.
    @Test func integersAreExact() throws {
        for value in [0, -1, 1_795_602_934_379_453_179, .max, .min] {
            #expect(try scan("\(value)") { try $0.integer() } == value)
        }
        #expect(try scan("3.0") { try $0.integer() } == 3 && scan("2e3") { try $0.integer() } == 2000)
        #expect(refusal(" 3.5") { try $0.integer() } == "an integer at 1")
        #expect(refusal("9223372036854775808") { try $0.integer() } == "an integer at 0")
    }

    @Test func naturalNumbersAreDigitsAlone() throws {
        #expect(
            try scan("[0,7,\(Int.max)]") { scanner in
                var numbers: [Int] = []
                try scanner.array { numbers.append(try $0.naturalNumber()) }
                return numbers
            } == [0, 7, .max])
        #expect(refusal("-1") { try $0.naturalNumber() } == "a non-negative integer at 0")
        #expect(refusal("01") { try $0.naturalNumber() }?.contains("leading zeros at 0") == true)
        #expect(refusal("9223372036854775808") { try $0.naturalNumber() }?.contains("an integer up to") == true)
        #expect(refusal("[1.0]") { try $0.array { _ = try $0.naturalNumber() } } == "a comma or the array's end at 2")
    }

    @Test(
        arguments: [
            (#""""#, ""), (#""aé😀""#, "aé😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\uD83D\uDE00x""#, "é😀x"), (#""\u0000""#, "\u{0}"),
        ])
    func strings(_ text: String, _ value: String) throws {
        #expect(try scan(text) { try $0.string() } == value)
        #expect(try JSONDecoder().decode(String.self, from: Data(text.utf8)) == value)
    }

    @Test(
        arguments: [
            (#""a"#, "ends a string at 2"), ("\"a\u{1}\"", "ends a string at 2"), (#""\x""#, "an escape"),
            (#""\u12g4""#, "a hexadecimal digit at 5"), (#""\uD83D""#, "surrogates"),
            (#""\uDE00\uD83D""#, "surrogates"),
            (#""\"#, "ends a string at 2"), (#""\"#, "ends a string"), ("a", "a string at 0"),
        ])
    func noStrings(_ text: String, _ words: String) throws {
        let refusal = try #require(refusal(text) { try $0.string() })
        #expect(refusal.contains(words), "\(refusal)")
    }

    @Test func bytesThatAreNoText() throws {
        for text in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]] {
            #expect(throws: JSONScanner.Malformed.self) { try scan(text) { try $0.string() } }
        }
    }

    @Test func membersComeInOrderAndAsOftenAsTheyStand() throws {
        var names: [String] = []
        try scan(#" { "a" : 1 , "b" : [ {"c":null} , "]}" ] , "a" : true } "#) { scanner in
            try scanner.object { name, scanner in
                names.append(name)
                if name == "b" {
                    #expect(String(decoding: try scanner.rawValue(), as: UTF8.self) == #"[ {"c":null} , "]}" ]"#)
                } else {
                    try scanner.skip()
                }
            }
        }
        #expect(names == ["a", "b", "a"])
        #expect(try scan("null") { $0.null() } && scan("false") { try $0.boolean() } == false)
    }

    @Test(
        arguments: [
            ("{", "a string at 1"), ("{\"a\"}", "a colon at 4"), ("{\"a\":1", "a comma or the object's end"),
            ("{\"a\":1,}", "a string at 7"), ("{\"a\":1}x", "nothing after the object at 7"), ("[1]", "an object at 0"),
            ("{\"a\":[1,]}", "a number at 8"), ("{\"a\":nul}", "null at 5"), ("{\"a\":tru}", "true or false at 5"),
        ])
    func noObjects(_ text: String, _ words: String) throws {
        let refusal = try #require(refusal(text) { try $0.object { try $1.skip() } })
        #expect(refusal.contains(words), "\(refusal)")
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        try scan(nested(60)) { try $0.skip() }
        #expect(refusal(nested(100_000)) { try $0.skip() }?.contains("less nesting") == true)
    }
}
