import Cryptography
import Files
import Foundation
import InputErrors
import OnnxGraphs

/// The weights of a network's layers, rounded to 8 bits once and kept in one file of the cache folder.
///
/// The file is little-endian. Its first 64 bytes are `ringkey8`, the format's version and the file's length (64 bits each),
/// the SHA-256 of what it was made of, and zeros; then comes, for each matrix, its values (row-major, [rows, columns], int8)
/// and its scales ([columns], float32), each from a multiple of 64 bytes on, with zeros between, and after zeros up to one more
/// such multiple the `Checksum` of all that.
package final class PreparedWeights {
    private static let version = 2
    private static let alignment = 64

    private let weights: CheckpointWeights
    private let name: String
    private let identities: [String]
    private let place: PreparedPlace
    private var entries: [PreparedMatrix: Entry] = [:]
    private var matrices: [PreparedMatrix] = []
    private var end = alignment
    private var isWritten = false
    /// Of the file.
    private var byteCount: Int { end + Checksum.byteCount }

    private struct Entry {
        let values: ExternalData
        let scales: ExternalData
    }

    /// Says where the prepared weights are to be. No weight is read yet.
    /// - Parameters:
    ///   - weights: the network's.
    ///   - name: the network's, such as "unet". One name stands for one list of matrices: another list under it makes the
    ///     file anew.
    ///   - environment: says where the cache folder is.
    /// - Throws: `InputError` for a file that cannot be read, and where no folder can be written to.
    package convenience init(
        for weights: CheckpointWeights, name: String,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        try self.init(for: weights, name: name) { try PreparedPlace($0, environment) }
    }

    private init(for weights: CheckpointWeights, name: String, in place: (String) throws -> PreparedPlace) throws {
        self.weights = weights
        self.name = name
        identities = try Self.identities(of: weights)
        let origin = ["\(Self.version)", name] + identities
        self.place = try place(SHA256.hash(Array(origin.joined(separator: "\n").utf8)).hexadecimal)
    }

    deinit { place.discard() }

    /// Builds something that needs prepared weights and makes their file; where that cannot be written in the cache folder,
    /// as on a full disk, it does both again in a folder of its own that is removed.
    /// - Parameters:
    ///   - weights: the network's.
    ///   - name: the network's, as above.
    ///   - environment: says where the cache folder is, and the one for temporary files.
    ///   - progress: as in `write`.
    ///   - build: asks for the matrices.
    /// - Returns: the weights, which may not be let go before their file is open, and what was built last.
    /// - Throws: what `build` throws, and `InputError` as `init` and `write` do; it names both places where the file could
    ///   be written in neither.
    package static func make<Result>(
        for weights: CheckpointWeights, name: String, _ environment: [String: String],
        progress: (Double) -> Void = { _ in }, build: (PreparedWeights) throws -> Result
    ) throws -> (weights: PreparedWeights, result: Result) {
        var done = 0.0
        func written(_ prepared: PreparedWeights) throws -> (PreparedWeights, Result) {
            let result = try build(prepared)
            try prepared.write { part in
                guard part > done else { return }
                done = part
                progress(part)
            }
            return (prepared, result)
        }
        let prepared = try PreparedWeights(for: weights, name: name, environment)
        do {
            return try written(prepared)
        } catch let kept as InputError where prepared.isKept && kept.code == .notWritable {
            do {
                return try written(
                    PreparedWeights(for: weights, name: name) { try PreparedPlace(notKept: $0, environment) })
            } catch let other as InputError where other.code == .notWritable {
                throw InputError(
                    kept.subject, expected: "a file that can be written, there or at \(other.subject)",
                    found: kept.found == other.found ? kept.found : "\(kept.found), \(other.found)", as: .notWritable)
            }
        }
    }

    /// The file's path, without links.
    package var path: String { place.path }
    /// Whether the file stays for the next time.
    package var isKept: Bool { place.isKept }

    /// Where a layer's weights will lie once they are written. Asked again for the same, it gives the same.
    /// - Parameters:
    ///   - location: `[columns, rows]` or `[columns, rows, 1, 1]` for a linear layer, `[columns, inputs, height, width]` for
    ///     a convolution.
    ///   - kind: the layer's; the rows of a convolution's matrix are ordered `(height, width, inputs)`.
    /// - Returns: int8 values, `[rows, columns]`, and float32 scales, `[columns]`, whose product is the weights.
    package func matrix(
        _ location: TensorLocation, _ kind: QuantizedMatrixKind
    ) -> (values: ExternalData, scales: ExternalData) {
        let matrix = PreparedMatrix(location, kind)
        if let known = entries[matrix] { return (known.values, known.scales) }
        precondition(!isWritten, "a matrix of \(location.shape) after \(matrices.count) were written")
        let entry = Entry(
            values: reserve(matrix.rows * matrix.columns), scales: reserve(matrix.columns * MemoryLayout<Float>.size))
        entries[matrix] = entry
        matrices.append(matrix)
        return (entry.values, entry.scales)
    }

    /// Makes the file, unless the right one is there. Nobody ever sees a part of it.
    /// - Parameter progress: called with the part that is done, from above 0 to 1, never less than before.
    /// - Throws: `InputError` for weights that cannot be read, are of another type than F32, F16 or BF16 or not finite, and
    ///   where the file cannot be written.
    package func write(progress: (Double) -> Void = { _ in }) throws {
        isWritten = true
        let header = header()
        if place.isKept, place.holds(header, count: byteCount) { return progress(1) }
        place.sweep()
        let files = try openFiles()
        try AtomicFile.write(to: path, overwrite: true, permissions: 0o600) { file in
            var checksum = Checksum()
            checksum.update(header)
            try file.append(header)
            var written = header.count
            let total = matrices.reduce(0) { $0 + $1.location.byteCount }
            var done = 0
            for matrix in matrices {
                guard let entry = entries[matrix], let source = files[matrix.location.file] else { continue }
                let bytes = try quantized(matrix, entry, from: source)
                precondition(entry.values.offset == written, "byte \(written) for a matrix at \(entry.values.offset)")
                checksum.update(bytes)
                try file.append(bytes)
                written += bytes.count
                done += matrix.location.byteCount
                if done < total { progress(Double(done) / Double(total)) }
            }
            try file.append(checksum.bytes)
            try requireUnchanged()
        }
        progress(1)
    }

    /// Removes the file where it is not to be kept. Sessions that are open already go on.
    package func discard() { place.discard() }
}

extension PreparedWeights {
    private static func identities(of weights: CheckpointWeights) throws -> [String] {
        try Set(weights.tensors.values.map(\.file)).sorted().map { try RegularFile(opening: $0).identity.text }
    }

    private func reserve(_ count: Int) -> ExternalData {
        // Graphs are loaded with / as their folder.
        defer { end = Self.aligned(end + count) }
        return ExternalData(file: String(path.drop { $0 == "/" }), offset: end, byteCount: count)
    }

    private static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

    private func header() -> [UInt8] {
        let files = Set(weights.tensors.values.map(\.file)).sorted()
        let requests = matrices.map { matrix in
            let location = matrix.location
            let file = files.firstIndex(of: location.file) ?? files.count
            return "\(matrix.kind.rawValue) \(location.type.rawValue) \(location.shape) \(file) \(location.offset)"
        }
        let digest = SHA256.hash(Array(([name] + identities + requests).joined(separator: "\n").utf8))
        let numbers = [Self.version, byteCount].flatMap { withUnsafeBytes(of: Int64($0).littleEndian, Array.init) }
        let bytes = Array("ringkey8".utf8) + numbers + digest
        return bytes + [UInt8](repeating: 0, count: Self.alignment - bytes.count)
    }

    private func openFiles() throws -> [String: RegularFile] {
        var files: [String: RegularFile] = [:]
        for matrix in matrices where files[matrix.location.file] == nil {
            files[matrix.location.file] = try RegularFile(opening: matrix.location.file)
        }
        return files
    }

    /// Values and scales as they stand in the file, with the zeros behind each.
    private func quantized(_ matrix: PreparedMatrix, _ entry: Entry, from file: RegularFile) throws -> [UInt8] {
        let subject = subject(matrix.location)
        guard [.float32, .float16, .bfloat16].contains(matrix.location.type) else {
            throw InputError(
                subject, expected: "F32, F16 or BF16", found: matrix.location.type.rawValue, as: .checkpoint)
        }
        let scales = Self.aligned(entry.values.byteCount)
        let count = scales + Self.aligned(entry.scales.byteCount)
        try Memory.require(count, for: subject)
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { bytes in
            try MatrixQuantizer(matrix: matrix, file: file, subject: subject).fill(
                UnsafeMutableRawBufferPointer(rebasing: bytes[..<entry.values.byteCount]).bindMemory(to: Int8.self),
                scales: UnsafeMutableRawBufferPointer(rebasing: bytes[scales..<scales + entry.scales.byteCount])
                    .bindMemory(to: Float.self))
        }
        return bytes
    }

    /// The tensor that a location is in or a part of, for errors.
    private func subject(_ location: TensorLocation) -> String {
        let tensor = weights.tensors.first { _, whole in
            whole.file == location.file && whole.offset <= location.offset
                && location.offset < whole.offset + max(whole.byteCount, 1)
        }
        return "\(weights.name): \(tensor?.key ?? "\(location.shape) at byte \(location.offset)")"
    }

    private func requireUnchanged() throws {
        guard try Self.identities(of: weights) == identities else {
            throw InputError(
                weights.name, expected: "files that stay as they are", found: "a change while they were read",
                as: .damaged)
        }
    }
}
