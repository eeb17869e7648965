import Foundation
import InputErrors
import RandomNumbers
import TensorFiles
import TestSupport
import Testing

/// Files that lie, each with the words that the refusal must hold.
@Suite struct SafetensorsRefusalTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let header: String
        let bytes: Int
        let words: String

        init(_ name: String, _ header: String, bytes: Int = 24, _ words: String) {
            (testDescription, self.header, self.bytes, self.words) = (name, header, bytes, words)
        }
    }

    private static func entry(_ name: String, _ shape: String, _ offsets: String, type: String = "F32") -> String {
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    private static func two(_ first: String, _ second: String) -> String {
        "{" + entry("a", "[3]", first) + "," + entry("b", "[1,3]", second) + "}"
    }

    private static func one(_ shape: String, _ offsets: String = "[0,24]", type: String = "F32") -> String {
        "{" + entry("a", shape, offsets, type: type) + "}"
    }

    static let good = two("[0,12]", "[12,24]")

    static let lies = [
        Lie("overlap", two("[0,12]", "[8,20]"), bytes: 20, "b: expected a start at byte 12 of the data, found 8"),
        Lie("one span twice", two("[0,12]", "[0,12]"), bytes: 12, "expected a start at byte 12 of the data, found 0"),
        Lie("gap", two("[0,12]", "[16,28]"), bytes: 28, "b: expected a start at byte 12 of the data, found 16"),
        Lie("gap at the start", two("[4,16]", "[16,28]"), bytes: 28, "a: expected a start at byte 0"),
        Lie("trailing bytes", good, bytes: 25, "24 bytes of data as the header says, found 25"),
        Lie("truncated", good, bytes: 23, "b: expected two ascending data_offsets up to 23, found [12, 24]"),
        Lie("no data", good, bytes: 0, "ascending data_offsets up to 0"),
        Lie("data without tensors", "{}", "0 bytes of data as the header says, found 24"),
        Lie("descending offsets", one("[3]", "[12,0]"), "two ascending data_offsets up to 24, found [12, 0]"),
        Lie("negative offset", one("[3]", "[-12,0]"), "a non-negative integer"),
        Lie("one offset", one("[6]", "[24]"), "found [24]"),
        Lie("three offsets", one("[6]", "[0,24,24]"), "found [0, 24, 24]"),
        Lie("offset beyond Int", one("[6]", "[0,9223372036854775808]"), "an integer up to"),
        Lie("offset at Int.max", one("[6]", "[0,9223372036854775807]"), "ascending data_offsets up to 24"),
        Lie("span too long", one("[5]"), "20 bytes for F32 [5], found data_offsets [0, 24]"),
        Lie("span too short", one("[7]"), "28 bytes for F32 [7]"),
        Lie("wrong size of element", one("[6]", type: "F64"), "48 bytes for F64 [6]"),
        Lie("negative extent", one("[-6]"), "a non-negative integer"),
        Lie("two negative extents", one("[-2,-3]"), "a non-negative integer"),
        Lie("product overflow", one("[4294967296,4294967296]", "[0,0]"), bytes: 0, "a shape that fits in memory"),
        Lie("overflow to 24 bytes", one("[4611686018427387910]"), "a shape that fits in memory"),
        Lie("overflow beside a zero", one("[0,4294967296,4294967296]", "[0,0]"), bytes: 0, "fits in memory"),
        Lie("fraction", one("[6.0]"), "found '.'"),
        Lie("exponent", one("[6e0]"), "found 'e'"),
        Lie("text for an extent", one(#"["6"]"#), "a non-negative integer"),
        Lie("unknown type", one("[6]", type: "F33"), "a: expected a safetensors element type, found F33"),
        Lie("missing field", #"{"a":{"dtype":"F32","shape":[6]}}"#, "not all of them"),
        Lie("another field", #"{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24],"x":[]}}"#, "found 'x'"),
        Lie("field twice", #"{"a":{"dtype":"F32","shape":[1],"shape":[6],"data_offsets":[0,24]}}"#, "'shape' twice"),
        Lie("name twice", "{\(entry("a", "[6]", "[0,24]")),\(entry("a", "[6]", "[0,24]"))}", "'a' twice"),
        Lie("name twice, escaped", "{\(entry("a", "[6]", "[0,24]")),\(entry("\\u0061", "[0]", "[0,0]"))}", "'a' twice"),
        Lie("metadata twice", #"{"__metadata__":{},"__metadata__":{}}"#, bytes: 0, "'__metadata__' twice"),
        Lie("metadata's key twice", #"{"__metadata__":{"k":"1","k":"2"}}"#, bytes: 0, "'k' twice"),
        Lie("metadata of numbers", #"{"__metadata__":{"k":1}}"#, bytes: 0, "a string"),
        Lie("blank before the object", " " + good, "'{' at byte 0 of the header, found ' '"),
        Lie("an array", "[]", bytes: 0, "'{' at byte 0 of the header, found '['"),
        Lie("text after the object", good + "{}", "nothing after the object"),
        Lie("unterminated object", String(good.dropLast()), "the object's end"),
        Lie("unterminated name", #"{"a"#, bytes: 0, "that ends a string"),
        Lie("comma at the end", #"{"__metadata__":{},}"#, bytes: 0, "a string"),
        Lie("nesting", String(repeating: #"{"a":"#, count: 100_000), bytes: 0, "expected only dtype"),
        Lie("control character in a name", "{\"\u{1}\":{}}", bytes: 0, "that ends a string"),
        Lie("unknown escape", #"{"\x61":{}}"#, bytes: 0, "an escape that JSON has"),
        Lie("half an escape", #"{"\u00":{}}"#, bytes: 0, "a hexadecimal digit"),
        Lie("lone surrogate", #"{"\ud83d":{}}"#, bytes: 0, "a pair of surrogates"),
        Lie("reversed surrogates", #"{"\udd12\ud83d":{}}"#, bytes: 0, "a pair of surrogates"),
    ]

    @Test(arguments: lies) func refuses(lie: Lie) {
        let file = safetensorsFile(lie.header, data: Data(count: lie.bytes))
        let error = #expect(throws: InputError.self) { try SafetensorsFile(data: file, named: "lie.st") }
        let message = error?.description ?? ""
        #expect(error?.code == .damaged, "\(message)")
        #expect(message.hasPrefix("lie.st: "))
        #expect(message.contains(lie.words), "\(message)")
        #expect(!message.contains("\n"))
    }

    /// The frame of the table above is itself readable, also with its entries in another order and blanks between.
    @Test(arguments: [good, two("[12,24]", "[0,12]"), good + "  \n", good.replacingOccurrences(of: ",", with: " ,\n")])
    func readsTheHonestFile(header: String) throws {
        let file = try SafetensorsFile(data: safetensorsFile(header, data: Data(count: 24)), named: "a")
        #expect(file.shape(of: "a") == [3])
        #expect(try file.tensor(named: "b").shape == [1, 3])
    }

    @Test func refusesWrongLengths() {
        func refusal(_ length: UInt64, _ rest: String) -> String {
            let data = withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data(rest.utf8)
            let error = #expect(throws: InputError.self) { try SafetensorsFile(data: data, named: "x") }
            #expect(error?.code == .damaged)
            return error?.description ?? ""
        }
        #expect(refusal(0, "{}").contains("found 0 bytes"))
        #expect(refusal(1, "{}").contains("found 1 bytes"))
        #expect(refusal(3, "{}").contains("header of 2 to 2 bytes, found 3 bytes"))
        #expect(refusal(.max, "{}").contains("found 18446744073709551615 bytes"))
        #expect(refusal(1 << 63, "{}").contains("found 9223372036854775808 bytes"))
        #expect(refusal(2, "").contains("found 2 bytes"))
        for count in 0..<8 {
            let code = refusalCode { try SafetensorsFile(data: Data(count: count), named: "x") }
            #expect(code == (count == 0 ? .empty : .damaged), "\(count)")
        }
    }

    /// 100,000,001 bytes of header in a file that has them, without room on the disk.
    @Test func refusesAHugeHeader() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("huge.safetensors")
        var start = safetensorsFile("{}", data: Data())
        start.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(100_000_001).littleEndian) { Data($0) })
        try start.write(to: URL(fileURLWithPath: path))
        #expect(truncate(path, 200_000_000) == 0)
        let error = #expect(throws: InputError.self) { try SafetensorsFile(contentsOf: path) }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("2 to 100000000 bytes, found 100000001 bytes") == true)
    }

    @Test(
        arguments: [
            ("F32", [0, 0, 0xC0, 0x7F], "nan"), ("F32", [0, 0, 0x80, 0xFF], "-inf"), ("F16", [0, 0x7C], "inf"),
            ("F16", [1, 0x7E], "nan"), ("BF16", [0x80, 0x7F], "inf"), ("BF16", [0xC0, 0x7F], "nan"),
            ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x7F], "inf"), ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x7E], "inf"),
        ] as [(String, [UInt8], String)])
    func tensorsHoldFiniteNumbersOnly(type: String, bits: [UInt8], found: String) throws {
        let header = Self.one("[1,3]", "[0,\(3 * bits.count)]", type: type)
        let file = try SafetensorsFile(
            data: safetensorsFile(header, data: Data(count: 2 * bits.count) + Data(bits)), named: "n")
        #expect(
            throws: InputError(
                "n: a", expected: "finite numbers in Float's range", found: "\(found) at index 2", as: .notFinite)
        ) {
            try file.tensor(named: "a")
        }
    }

    /// Whatever one or two changed bytes say, the file is refused or each of its tensors can be read or is refused.
    @Test func survivesChangedBytes() throws {
        var generator = SeededGenerator(seed: 32)
        let good = try fixtureData("mixed.safetensors")
        let headerEnd = good.count - 620
        var refused = 0
        for _ in 0..<5_000 {
            var file = good
            for _ in 0...Int(generator.next() % 2) {
                file[Int(generator.next() % UInt64(headerEnd))] = UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                let opened = try SafetensorsFile(data: file, named: "fuzz")
                for name in opened.names {
                    do {
                        let tensor = try opened.tensor(named: name)
                        #expect(tensor.shape == opened.shape(of: name))
                        #expect(tensor.isFinite)
                    } catch is InputError { continue }
                }
            } catch is InputError { refused += 1 }
        }
        #expect((2_000..<5_000).contains(refused), "\(refused)")
    }
}
