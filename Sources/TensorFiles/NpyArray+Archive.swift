import Files
import InputErrors

extension NpyArray {
    /// Reads all arrays of an archive of `numpy.savez`.
    /// - Parameters:
    ///   - path: of the file.
    ///   - limit: the most bytes that are accepted.
    /// - Returns: the arrays by their names.
    /// - Throws: `InputError` for what is no such archive, and for an array that is compressed.
    public static func archive(contentsOf path: String, limit: Int) throws -> [String: NpyArray] {
        let file = try RegularFile(opening: path)
        guard file.count <= limit else {
            throw InputError(path, expected: "at most \(limit) bytes", found: "\(file.count) bytes", as: .tooLarge)
        }
        guard ZipArchive.begins(with: try file.bytes(at: 0, count: min(4, file.count))) else {
            throw InputError(path, expected: "an archive of numpy.savez", found: "another file", as: .unsupported)
        }
        let archive = try ZipArchive(reading: file)
        var arrays: [String: NpyArray] = [:]
        for member in archive.members where member.name.utf8.suffix(4).elementsEqual(".npy".utf8) {
            guard member.method == 0 else { throw compressed(path) }
            arrays[String(member.name.dropLast(4))] = try NpyArray(reading: archive.content(of: member))
        }
        return arrays
    }

    private static func compressed(_ name: String) -> InputError {
        InputError(name, expected: "an array as numpy.savez stores it", found: "a compressed one", as: .unsupported)
    }

    /// Where the array of a file lies: the file itself, or in an archive of `numpy.savez` the only array there is.
    /// - Throws: `InputError` for an archive of several arrays, or of one that is compressed, and for a pickle, which is a
    ///   program and never run.
    static func place(in source: any ByteSource) throws -> any ByteSource {
        let beginning = try source.bytes(at: 0, count: min(4, source.count))
        // PROTO, from protocol 2 on, which is what Python and PyTorch write.
        if beginning.count > 1, beginning[0] == 0x80, (2...5).contains(beginning[1]) {
            throw pickled(source.name, "a Python pickle")
        }
        guard ZipArchive.begins(with: beginning) else { return source }
        let archive = try ZipArchive(reading: source)
        if archive.members.contains(where: { $0.name.utf8.suffix(8).elementsEqual("data.pkl".utf8) }) {
            throw pickled(source.name, "a PyTorch file")
        }
        let arrays = archive.members.filter { $0.name.utf8.suffix(4).elementsEqual(".npy".utf8) }
        guard arrays.count == 1 else {
            let names = arrays.prefix(4).map { $0.name.dropLast(4) }.joined(separator: ", ")
            throw InputError(
                source.name, expected: "one array", found: "\(arrays.count)\(names.isEmpty ? "" : ": \(names)")",
                as: .unsupported)
        }
        guard arrays[0].method == 0 else { throw compressed(source.name) }
        return try archive.content(of: arrays[0])
    }

    private static func pickled(_ name: String, _ found: String) -> InputError {
        InputError(name, expected: "an .npy or .npz file", found: found, as: .pickled)
    }
}
