import Foundation
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Files that NumPy wrote, read element by element and written again byte by byte.
@Suite struct NpyArrayTests {
    @Test func readsEveryElementType() throws {
        let float = try NpyArray(contentsOf: fixture("f4-3x5x7.npy"))
        #expect(float.shape == [3, 5, 7])
        #expect(float.elements == .float32(goldenValues(105).map { Float($0) / 3 }))

        let double = try NpyArray(contentsOf: fixture("f8-3x5x7.npy"))
        #expect(double.shape == [3, 5, 7])
        #expect(double.elements == .float64(goldenValues(105).map { $0 / 3 }))

        let integer = try NpyArray(contentsOf: fixture("i8-5x3.npy"))
        #expect(integer.shape == [5, 3])
        #expect(integer.elements == .int64(goldenValues(15).map { Int64($0 * 8) << 33 }))
    }

    @Test func readsComplexTypesInterleaved() throws {
        let real = goldenValues(30)
        // The imaginary part is the transpose of a [5, 3, 2] array: element [i, j, k] is number 6k + 2j + i.
        var interleaved: [Double] = []
        for i in 0..<2 {
            for j in 0..<3 {
                for k in 0..<5 { interleaved += [real[15 * i + 5 * j + k], real[6 * k + 2 * j + i]] }
            }
        }
        let double = try NpyArray(contentsOf: fixture("c16-2x3x5.npy"))
        #expect(double.shape == [2, 3, 5])
        #expect(double.elements == .complex128(interleaved))
        #expect(double.interleavedComplex == interleaved)
        let single = try NpyArray(contentsOf: fixture("c8-2x3x5.npy"))
        #expect(single.elements == .complex64(interleaved.map { Float($0) }))
        #expect(single.interleavedComplex == interleaved)
        #expect(try NpyArray(contentsOf: fixture("f4-13.npy")).interleavedComplex == nil)
    }

    @Test func readsOddShapes() throws {
        let scalar = try Tensor(npy: fixture("f4-scalar.npy"))
        #expect(scalar.shape == [])
        #expect(scalar.elements == [2.5])
        #expect(try Tensor(npy: fixture("f4-13.npy")).shape == [13])
        let empty = try Tensor(npy: fixture("f4-0x3.npy"))
        #expect(empty.shape == [0, 3])
        #expect(empty.count == 0)
    }

    @Test(arguments: [2, 3]) func readsLaterVersions(version: Int) throws {
        let tensor = try Tensor(npy: fixture("f4-3x5x7-v\(version).npy"))
        #expect(tensor.shape == [3, 5, 7])
        #expect(tensor.elements == goldenValues(105).map { Float($0) })
    }

    @Test func roundsWideTypesIntoATensor() throws {
        let double = try Tensor(npy: fixture("f8-3x5x7.npy"))
        #expect(double.elements == goldenValues(105).map { Float($0 / 3) })
        let integer = try Tensor(npy: fixture("i8-5x3.npy"))
        #expect(integer.elements == goldenValues(15).map { Float($0 * 0x1p36) })
    }

    @Test(arguments: [
        "f4-3x5x7", "f8-3x5x7", "i8-5x3", "c16-2x3x5", "c8-2x3x5", "f4-scalar", "f4-13", "f4-0x3",
    ])
    func writesTheBytesThatNumPyWrites(name: String) throws {
        let folder = try TemporaryFolder()
        let array = try NpyArray(contentsOf: fixture(name + ".npy"))
        let golden = try fixtureData(name + ".npy")
        #expect(array.data == golden)
        try array.write(to: folder.path("copy.npy"), overwrite: false)
        #expect(try folder.content("copy.npy") == golden)
    }

    @Test(arguments: [[], [1], [0], [17], [3, 5, 7], [1, 1, 1, 1, 1, 2], [1_000_000], [2, 0, 3]])
    func roundTrips(shape: [Int]) throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor(normal: shape, seed: 5)
        try tensor.npy.write(to: folder.path("x.npy"), overwrite: false)
        let back = try Tensor(npy: folder.path("x.npy"))
        #expect(back.shape == shape)
        #expect(back.elements == tensor.elements)
        #expect(try folder.content("x.npy").count % 64 == 4 * tensor.count % 64)
    }

    /// A `Data` slice does not start at index 0.
    @Test func readsASlice() throws {
        let slice = (Data(repeating: 7, count: 9) + (try fixtureData("f4-3x5x7.npy")))[9...]
        #expect(try NpyArray(data: slice, named: "slice") == NpyArray(contentsOf: fixture("f4-3x5x7.npy")))
    }

    /// Other writers leave out the padding, quote or order differently; a Python literal is a Python literal.
    @Test(arguments: [
        #"{"shape":(3,),"fortran_order":False,"descr":"<f4"}"#,
        "{ 'descr' : '<f4' ,\t'fortran_order' : False , 'shape' : ( 3 , ) , } \n\n",
    ])
    func readsEveryWayToWriteTheDictionary(dictionary: String) throws {
        let array = try NpyArray(data: npyFile(dictionary, elements: Data(count: 12)), named: "a.npy")
        #expect(array == NpyArray(shape: [3], elements: .float32([0, 0, 0])))
    }
}

/// An `.npy` file of the given version with this dictionary and these bytes of elements.
func npyFile(_ dictionary: String, elements: Data, version: UInt8 = 1) -> Data {
    let length = dictionary.utf8.count
    let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes) + Data(dictionary.utf8) + elements
}
