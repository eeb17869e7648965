import Foundation
import InputErrors
import RandomNumbers
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Files that lie, each with the words that the refusal must hold.
@Suite struct NpyRefusalTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let dictionary: String
        var bytes = 12
        let code: InputError.Code
        let words: String

        init(
            _ name: String, _ dictionary: String, bytes: Int = 12, as code: InputError.Code = .damaged, _ words: String
        ) {
            (testDescription, self.dictionary, self.bytes) = (name, dictionary, bytes)
            (self.code, self.words) = (code, words)
        }
    }

    static let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n"

    private static func shape(_ tuple: String) -> String {
        "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple), }\n"
    }

    private static func type(_ description: String) -> String {
        "{'descr': \(description), 'fortran_order': False, 'shape': (3,), }\n"
    }

    static let lies = [
        Lie("truncated", good, bytes: 11, "12 bytes of <f4 for the shape [3], found 11"),
        Lie("no elements", good, bytes: 0, "12 bytes of <f4 for the shape [3], found 0"),
        Lie("trailing byte", good, bytes: 13, "12 bytes of <f4 for the shape [3], found 13"),
        Lie("twice the elements", good, bytes: 24, "12 bytes of <f4 for the shape [3], found 24"),
        Lie(
            "Fortran order", "{'descr': '<f4', 'fortran_order': True, 'shape': (3,), }", as: .unsupported,
            "C order, found Fortran order"),
        Lie("big-endian", type("'>f4'"), as: .unsupported, ">f4 (big-endian)"),
        Lie("native order", type("'f4'"), as: .unsupported, "found f4"),
        Lie("half", type("'<f2'"), bytes: 5, "6 bytes of <f2 for the shape [3], found 5"),
        Lie("objects", type("'|O'"), as: .unsupported, "found |O"),
        Lie(
            "structured", type("[('a', '<f4')]"), as: .unsupported,
            "elements of <f2, <f4, <f8, <c8, <c16, <i8 at byte 10"),
        Lie("negative extent", shape("(-3,)"), "a non-negative integer at byte 51 of the header, found '-'"),
        Lie("two negative extents", shape("(-3, -1)"), "a non-negative integer"),
        Lie("extent beyond Int", shape("(9223372036854775808,)"), "an integer up to"),
        Lie("leading zero", shape("(03,)"), "leading zeros"),
        Lie("fraction", shape("(3.0,)"), "found '.'"),
        Lie("product overflow", shape("(4294967296, 4294967296)"), "a shape that fits in memory"),
        Lie("product overflow to 12 bytes", shape("(4611686018427387907,)"), "a shape that fits in memory"),
        Lie("overflow beside a zero", shape("(4294967296, 4294967296, 0)"), bytes: 0, "a shape that fits in memory"),
        Lie("more than the file", shape("(1000000000000,)"), "4000000000000 bytes"),
        Lie("scalar for three", shape("()"), "4 bytes of <f4 for the shape [], found 12"),
        Lie("a number for a tuple", shape("(3)"), "',' as in a tuple"),
        Lie("a list for a tuple", shape("[3]"), "'(' at byte 50"),
        Lie("unterminated tuple", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,", "a non-negative integer"),
        Lie("65 axes", shape("(3," + String(repeating: "1,", count: 64) + ")"), "at most 64 axes"),
        Lie("unterminated dictionary", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)", "'}' at byte 54"),
        Lie("unterminated string", "{'descr': '<f4", "a closing '"),
        Lie("no dictionary", "", "'{' at byte 0 of the header, found the end of the header"),
        Lie("empty dictionary", "{}", "not all of them"),
        Lie("missing key", "{'descr': '<f4', 'shape': (3,)}", "not all of them"),
        Lie("key twice", "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "'descr' twice"),
        Lie("shape twice", "{'shape': (4,), 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "'shape' twice"),
        Lie("another key", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'x': 1}", "found 'x'"),
        Lie("a number for a truth value", "{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", "True or False"),
        Lie("text after the dictionary", good + "x", "the end of the header at byte 58"),
        Lie("header of 10,001 bytes", good.padding(toLength: 10_001, withPad: " ", startingAt: 0), "10001 bytes"),
    ]

    @Test(arguments: lies) func refuses(lie: Lie) throws {
        for version in [1, 2, 3] as [UInt8] {
            let file = npyFile(lie.dictionary, elements: Data(count: lie.bytes), version: version)
            let error = #expect(throws: InputError.self) { try NpyArray(data: file, named: "lie.npy") }
            let message = error?.description ?? ""
            #expect(error?.code == lie.code, "\(message)")
            #expect(message.hasPrefix("lie.npy: expected "))
            #expect(message.contains(lie.words), "\(message)")
        }
    }

    /// The frame of the table above is itself readable, so that each lie is refused for what it says.
    @Test func readsTheHonestFile() throws {
        for version in [1, 2, 3] as [UInt8] {
            let array = try NpyArray(data: npyFile(Self.good, elements: Data(count: 12), version: version), named: "a")
            #expect(array.elements == .float32([0, 0, 0]))
        }
        let longest = Self.good.padding(toLength: 10_000, withPad: " ", startingAt: 0)
        #expect(try NpyArray(data: npyFile(longest, elements: Data(count: 12)), named: "a").shape == [3])
    }

    @Test(arguments: [
        ("refused-fortran", "Fortran order"), ("refused-big-endian", ">f4"), ("refused-structured", "'['"),
    ])
    func refusesWhatNumPyWrites(name: String, word: String) {
        let error = #expect(throws: InputError.self) { try NpyArray(contentsOf: fixture(name + ".npy")) }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test func refusesWrongBeginnings() throws {
        let good = npyFile(Self.good, elements: Data(count: 12))
        func expect(
            _ code: InputError.Code, _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
            _ change: (inout Data) -> Void
        ) {
            var file = good
            change(&file)
            let error = #expect(throws: InputError.self, sourceLocation: sourceLocation) {
                try NpyArray(data: file, named: "x.npy")
            }
            #expect(error?.code == code, sourceLocation: sourceLocation)
            let message = error?.description ?? ""
            #expect(message.contains(words), "\(message)", sourceLocation: sourceLocation)
        }
        expect(.empty, "x.npy: expected an .npy file, found an empty file") { $0 = Data() }
        expect(.damaged, "an .npy file, found other content in 9 bytes") { $0 = $0.prefix(9) }
        expect(.damaged, "an .npy file, found other content") { $0[0] = 0x92 }
        expect(.unsupported, "version 1.0, 2.0 or 3.0, found 4.0") { $0[6] = 4 }
        expect(.unsupported, "found 0.0") { $0[6] = 0 }
        expect(.unsupported, "found 1.1") { $0[7] = 1 }
        expect(.damaged, "of at most 10000 bytes") { $0[9] = 0xFF }
        expect(.damaged, "inside a file of \(good.count), found 255 bytes") { $0[8] = 255 }
        let huge = npyFile(Self.good, elements: Data(count: 12), version: 2)
        expect(.damaged, "found 4294967295 bytes") {
            $0 = huge
            $0.replaceSubrange(8..<12, with: Data(repeating: 0xFF, count: 4))
        }
    }

    /// NaN and infinity are what the array holds, but never become a tensor.
    @Test func tensorsHoldFiniteNumbersOnly() throws {
        for (elements, found) in [
            (.float32([0, 1, 2, 3, .nan, .infinity]), "nan at index 4"),
            (.float32([0, 1, -.infinity, 3, .nan, 5]), "-inf at index 2"),
            (.float64([0, 1, 2, 3, 4, .nan]), "nan at index 5"),
            (.float64([1e39, 1, 2, 3, 4, 5]), "inf at index 0"),
        ] as [(NpyArray.Elements, String)] {
            let array = NpyArray(shape: [2, 3], elements: elements)
            #expect(
                throws: InputError(
                    "n.npy", expected: "finite numbers in Float's range", found: found, as: .notFinite)
            ) { try array.tensor(named: "n.npy") }
        }
        for elements in [
            .complex64([Float](repeating: 0, count: 12)), .complex128([Double](repeating: 0, count: 12)),
        ] as [NpyArray.Elements] {
            let array = NpyArray(shape: [2, 3], elements: elements)
            #expect(
                throws: InputError("n.npy", expected: "real numbers", found: "complex ones", as: .unsupported)
            ) { try array.tensor(named: "n.npy") }
        }
    }

    @Test func namesTheFileOfANaN() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("nan.npy")
        try Tensor([0, 1, .nan], shape: [3]).npy.write(to: path, overwrite: false)
        #expect(
            throws: InputError(
                path, expected: "finite numbers in Float's range", found: "nan at index 2", as: .notFinite)
        ) {
            try Tensor(npy: path)
        }
    }

    @Test func refusesAFileOverTheLimit() {
        let path = fixture("f4-3x5x7.npy")
        #expect(throws: InputError(path, expected: "at most 547 bytes", found: "548 bytes", as: .tooLarge)) {
            try NpyArray(contentsOf: path, limit: 547)
        }
    }

    /// Whatever one or two changed bytes say, the file is refused or holds exactly the elements of its shape.
    @Test func survivesChangedBytes() throws {
        var generator = SeededGenerator(seed: 31)
        let good = try fixtureData("f4-13.npy")
        var refused = 0
        for _ in 0..<20_000 {
            var file = good
            for _ in 0...Int(generator.next() % 2) {
                file[Int(generator.next() % 128)] = UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                let array = try NpyArray(data: file, named: "fuzz")
                let content = array.data
                #expect(file.suffix(content.count - 128) == content.dropFirst(128), "\(array.shape)")
                #expect(try NpyArray(data: content, named: "again").shape == array.shape)
            } catch is InputError { refused += 1 }
        }
        #expect((10_000..<20_000).contains(refused), "\(refused)")
    }
}
