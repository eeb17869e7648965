import Foundation
import InputErrors
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Files that the safetensors package wrote, and ours.
@Suite struct SafetensorsFileTests {
    @Test func readsEveryElementType() throws {
        let file = try SafetensorsFile(contentsOf: fixture("mixed.safetensors"))
        let quoted = "quoted \"é\" \\ \n name"
        #expect(
            file.names == ["bf16", "empty", "f16", "f16 small", "f32", "f64", "i32", "i64", quoted, "scalar"].sorted())
        #expect(file.metadata == ["format": "pt", "note": "a \"quoted\"\nline"])

        func expect(_ name: String, _ shape: [Int], _ elements: [Float], _ type: SafetensorsFile.ElementType) throws {
            #expect(file.shape(of: name) == shape)
            #expect(file.elementType(of: name) == type)
            let tensor = try file.tensor(named: name)
            #expect(tensor.shape == shape)
            #expect(tensor.elements == elements, "\(name)")
        }
        try expect("f32", [3, 5, 7], goldenValues(105).map { Float($0) / 3 }, .float32)
        try expect("f16", [5, 3], goldenValues(15).map { Float($0) }, .float16)
        try expect("f16 small", [4], [0x1p-24, -0x1p-14, 65504, 1023 * 0x1p-24], .float16)
        try expect("bf16", [7], goldenValues(7).map { Float($0) }, .bfloat16)
        try expect("f64", [2, 3], goldenValues(6).map { Float($0 / 3) }, .float64)
        try expect("i64", [3, 3], goldenValues(9).map { Float($0 * 8) }, .int64)
        try expect("scalar", [], [2.5], .float32)
        try expect("empty", [0, 4], [], .float32)
        try expect(quoted, [2], [1, 2], .float32)
        #expect(file.shape(of: "none") == nil)
    }

    @Test func refusesWhatIsNoTensorOfNumbers() throws {
        let path = fixture("mixed.safetensors")
        let file = try SafetensorsFile(contentsOf: path)
        #expect(
            throws: InputError("\(path): i32", expected: "F16, BF16, F32, F64 or I64", found: "I32", as: .unsupported)
        ) {
            try file.tensor(named: "i32")
        }
        #expect(throws: InputError(path, expected: "a tensor named none", found: "none", as: .damaged)) {
            try file.tensor(named: "none")
        }
        #expect(throws: InputError("\(path): f32", expected: "at most 419 bytes", found: "420 bytes", as: .tooLarge)) {
            try file.tensor(named: "f32", limit: 419)
        }
    }

    @Test func writesTheBytesThatThePackageWrites() throws {
        let folder = try TemporaryFolder()
        let golden = try SafetensorsFile(contentsOf: fixture("f32.safetensors"))
        #expect(golden.names == ["a", "b.weight", "c"])
        let tensors = try golden.names.map { (name: $0, tensor: try golden.tensor(named: $0)) }
        let path = folder.path("copy.safetensors")
        try SafetensorsFile.write(tensors, metadata: golden.metadata, to: path, overwrite: false)
        #expect(try folder.content("copy.safetensors") == fixtureData("f32.safetensors"))
    }

    @Test func roundTrips() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.safetensors")
        let tensors = [
            (name: "z \u{1}\t\"\\/\u{1F512}", tensor: Tensor(normal: [3, 5, 7], seed: 1)),
            (name: "", tensor: Tensor(normal: [], seed: 2)), (name: "empty", tensor: Tensor(zeros: [4, 0])),
            (name: "a", tensor: Tensor(normal: [70_001], seed: 3)),
        ]
        try SafetensorsFile.write(tensors, metadata: ["k\n": "v\u{1F}"], to: path, overwrite: false)
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.names == tensors.map(\.name).sorted())
        #expect(file.metadata == ["k\n": "v\u{1F}"])
        for (name, tensor) in tensors {
            let back = try file.tensor(named: name)
            #expect(back.shape == tensor.shape)
            #expect(back.elements == tensor.elements)
        }
        try SafetensorsFile.write([], to: path, overwrite: true)
        #expect(try SafetensorsFile(contentsOf: path).names == [])
    }

    @Test(arguments: [["a", "a"], ["b", "__metadata__"]]) func refusesNamesThatCannotBeWritten(names: [String]) throws {
        let folder = try TemporaryFolder()
        let code = refusalCode {
            try SafetensorsFile.write(
                names.map { (name: $0, tensor: Tensor(zeros: [1])) }, to: folder.path("x"), overwrite: false)
        }
        #expect(code == .invalidSetting)
        #expect(try folder.names == [])
    }

    /// More elements than one pass of the conversion holds, of every converted type.
    @Test func readsLargeConvertedTensors() throws {
        let count = 200_003
        let halves = (0..<count).map { Float16(Float($0 % 2048) - 1024) }
        let doubles = (0..<count).map { Double($0) - 100_000 }
        var data = halves.withUnsafeBytes { Data($0) }
        data.append(doubles.withUnsafeBytes { Data($0) })
        let header = """
            {"h":{"dtype":"F16","shape":[\(count)],"data_offsets":[0,\(2 * count)]},\
            "d":{"dtype":"F64","shape":[\(count)],"data_offsets":[\(2 * count),\(10 * count)]}}
            """
        let file = try SafetensorsFile(data: safetensorsFile(header, data: data), named: "large")
        #expect(try file.tensor(named: "h").elements == halves.map { Float($0) })
        #expect(try file.tensor(named: "d").elements == doubles.map { Float($0) })
    }

    /// A file of 3 GB that takes no room on the disk: a small tensor at its end is read without the rest.
    @Test func readsOneTensorOfABigFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("big.safetensors")
        let bytes = 3_000_000_000
        let header = """
            {"big":{"dtype":"F32","shape":[750000000],"data_offsets":[0,\(bytes)]},\
            "small":{"dtype":"F32","shape":[3],"data_offsets":[\(bytes),\(bytes + 12)]}}
            """
        let start = safetensorsFile(header, data: Data())
        try start.write(to: URL(fileURLWithPath: path))
        #expect(truncate(path, start.count + bytes + 12) == 0)
        let before = try residentBytes()
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.shape(of: "big") == [750_000_000])
        #expect(try file.tensor(named: "small").elements == [0, 0, 0])
        // Other tests run at the same time; none of them holds more than some tens of MB.
        #expect(try residentBytes() - before < 500_000_000)
        #expect(refusalCode { try file.tensor(named: "big", limit: 1 << 30) } == .tooLarge)
    }

    private func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(pages[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// A file that shrinks after it was opened gives an error, not the memory's old content.
    @Test func noticesAFileThatShrinks() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.safetensors")
        try SafetensorsFile.write([("x", Tensor(zeros: [1000]))], to: path, overwrite: false)
        let file = try SafetensorsFile(contentsOf: path)
        #expect(truncate(path, 1000) == 0)
        let error = #expect(throws: InputError.self) { try file.tensor(named: "x") }
        #expect(error?.code == .damaged && error?.description.contains("the end at byte 1000") == true)
    }
}

/// A safetensors file with this header and these bytes of data.
func safetensorsFile(_ header: String, data: Data) -> Data {
    let length = header.utf8.count
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }) + Data(header.utf8) + data
}
