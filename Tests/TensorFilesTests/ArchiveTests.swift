import Foundation
import InputErrors
import TensorFiles
import TestSupport
import Testing

/// Arrays in the files that people have besides `.npy` of float32.
@Suite struct ArchiveTests {
    private func read(_ name: String) throws -> NpyArray {
        try NpyArray(contentsOf: Fixtures.url("Tensors/archives/\(name)").path)
    }

    /// Every element as NumPy converts it, bit by bit.
    @Test(arguments: ["half.npy", "one.npz"]) func holdsWhatNumPyWrote(_ name: String) throws {
        let (array, golden) = (try read(name), try read("half-as-float.npy"))
        #expect(array.shape == [3, 5, 7] && golden.shape == [3, 5, 7])
        guard case .float32(let values) = array.elements, case .float32(let expected) = golden.elements else {
            Issue.record("elements of \(array.elements)")
            return
        }
        #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test(arguments: [
        ("two.npz", InputError.Code.unsupported, "expected one array, found 2: a, b"),
        ("compressed.npz", .unsupported, "expected an array as numpy.savez stores it, found a compressed one"),
        ("pickled.pkl", .pickled, "found a Python pickle"), ("torch.pt", .pickled, "found a PyTorch file"),
        ("torn.npz", .damaged, "expected a complete ZIP archive, found no directory"),
        ("beyond.npz", .damaged, "expected a complete ZIP archive, found a place beyond the end"),
    ]) func refuses(_ name: String, _ code: InputError.Code, _ words: String) throws {
        let error = try #require(#expect(throws: InputError.self) { try read(name) })
        #expect(error.code == code && error.description.contains(words), "\(error)")
    }

    @Test func anArchiveOfSeveralArraysIsReadByTheirNames() throws {
        func archive(_ name: String, limit: Int = 1 << 20) throws -> [String: NpyArray] {
            try NpyArray.archive(contentsOf: Fixtures.url("Tensors/archives/\(name)").path, limit: limit)
        }
        #expect(try archive("two.npz").keys.sorted() == ["a", "b"])
        for (name, code) in [
            ("compressed.npz", InputError.Code.unsupported), ("half.npy", .unsupported), ("torn.npz", .damaged),
        ] {
            let error = #expect(throws: InputError.self) { try archive(name) }
            #expect(error?.code == code, "\(name)")
        }
        let error = #expect(throws: InputError.self) { try archive("two.npz", limit: 10) }
        #expect(error?.code == .tooLarge)
    }

    /// Wherever an archive is torn, it is refused.
    @Test func everyTornArchiveIsRefused() throws {
        let whole = try Data(contentsOf: Fixtures.url("Tensors/archives/one.npz"))
        for length in 0..<whole.count {
            #expect(throws: InputError.self, "\(length)") {
                try NpyArray(data: whole.prefix(length), named: "torn")
            }
        }
        #expect(try NpyArray(data: whole, named: "whole").shape == [3, 5, 7])
    }

    /// Whatever byte of the directory or of the header is changed, reading ends.
    @Test func everyChangedByteEnds() throws {
        let whole = try Data(contentsOf: Fixtures.url("Tensors/archives/one.npz"))
        let ends = Array(0..<200) + Array(whole.count - 120..<whole.count)
        var refused = 0
        for place in ends {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var changed = whole
                changed[place] = value
                if (try? NpyArray(data: changed, named: "changed")) == nil { refused += 1 }
            }
        }
        #expect(refused > 100, "\(refused)")
    }
}
