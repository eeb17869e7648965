import Cryptography
import Files
import Foundation
import InputErrors

/// A prepared matrix beside its ring: `R.matrix`, key material as the ring itself. A header of 4096 bytes, then the rows, their
/// scales and their errors as they lie in memory (docs/keyring.md).
enum KeyMatrixFile {
    /// What stands before the JSON text of the header.
    private static let magic = Array("ringkey.keyring-matrix/1\n".utf8)
    /// Bytes of the header; the rest of it is spaces.
    static let headerLength = 4096

    /// What a matrix was made from.
    struct Header: Codable, Equatable {
        /// The ring's fingerprint.
        var ring: String
        /// Rows.
        var count: Int
        /// Numbers of a key.
        var dimension: Int
        /// The ring's file.
        var stamp: KeyRingStamp
        /// SHA-256 of the other members.
        var checksum = ""

        init(_ ring: KeyRing) {
            self.ring = ring.id
            count = ring.count
            dimension = ring.ownDimension
            stamp = ring.stamp
            checksum = computedChecksum
        }

        /// SHA-256, hexadecimal.
        var computedChecksum: String {
            let text = "\(ring) \(count) \(dimension) \(stamp.length) \(stamp.modified) \(stamp.ends)"
            return SHA256.hash(Array(text.utf8)).hexadecimal
        }
    }

    /// The file beside a ring.
    static func path(of ring: String) -> String { ring + ".matrix" }

    /// Makes the matrix of a ring and writes it, readable by its owner alone.
    /// - Parameters:
    ///   - ring: with at least one label.
    ///   - path: of the matrix; what is there is replaced.
    ///   - observe: told how many rows are done.
    /// - Throws: `InputError` where it cannot be written, and for a label that comes twice.
    static func write(_ ring: KeyRing, to path: String, observe: (Int) -> Void) throws {
        try ring.requireDistinctLabels()
        let header = Header(ring)
        var text = magic + Array(try JSONEncoder().encode(header))
        text += [UInt8](repeating: 0x20, count: headerLength - text.count)
        try AtomicFile.write(to: path, overwrite: true, permissions: 0o600) { writer in
            try writer.append(text)
            var (scales, errors): ([Float], [Float]) = ([], [])
            try MatrixRows.forEachChunk(of: ring, dimension: header.dimension, observe: observe) { _, chunk in
                try chunk.rows.withUnsafeBytes { try writer.append($0) }
                scales += chunk.scales
                errors += chunk.errors
            }
            try scales.withUnsafeBytes { try writer.append($0) }
            try errors.withUnsafeBytes { try writer.append($0) }
        }
    }

    /// The matrix of a ring, mapped into memory.
    /// - Returns: nil where there is none, or one of an earlier state of the ring.
    /// - Throws: `InputError` for a file that is damaged, or that others may write to.
    static func open(_ path: String, of ring: KeyRing) throws -> KeyMatrix? {
        guard RawPath(path).status != nil else { return nil }
        try PrivateFile.requireTrusted(path)
        let file = try RegularFile(opening: path)
        guard file.mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InputError(
                path, expected: "a matrix that only its owner can write to",
                found: "mode \(String(file.mode & 0o777, radix: 8))", as: .keyPermissions)
        }
        let header = try header(file.beginning(headerLength), named: path)
        let length = headerLength + KeyMatrix.length(count: header.count, dimension: header.dimension)
        guard file.count == length else {
            throw InputError(path, expected: "\(length) bytes", found: "\(file.count)", as: .damaged)
        }
        guard header == Header(ring) else { return nil }
        return try KeyMatrix(
            count: header.count, dimension: header.dimension, memory: file.mapped(), start: headerLength)
    }

    /// - Parameter bytes: the beginning of a file.
    static func header(_ bytes: [UInt8], named path: String) throws -> Header {
        guard bytes.count == headerLength, bytes.starts(with: magic) else {
            throw InputError(path, expected: "a prepared matrix", found: "another file, or a torn one", as: .damaged)
        }
        let header = try JSONReader.decode(
            Header.self, from: Data(bytes.dropFirst(magic.count)), named: path, as: .damaged)
        guard header.checksum == header.computedChecksum else {
            throw InputError(path, expected: "a header that agrees with its checksum", found: "another", as: .damaged)
        }
        guard (0...KeyRing.mostLabels).contains(header.count), (1...1 << 20).contains(header.dimension) else {
            throw InputError(
                path, expected: "at most \(KeyRing.mostLabels) rows of a million numbers",
                found: "\(header.count) of \(header.dimension)", as: .damaged)
        }
        return header
    }

    /// Makes every row anew and compares.
    /// - Throws: `InputError` naming the first row that differs.
    static func check(_ matrix: KeyMatrix, of ring: KeyRing, named path: String, observe: (Int) -> Void) throws {
        let (rows, scales, errors) = (matrix.rows, matrix.scales, matrix.errors)
        try MatrixRows.forEachChunk(of: ring, dimension: matrix.dimension, observe: observe) { first, chunk in
            for index in chunk.scales.indices {
                let place = first + index
                let own = chunk.rows[index * matrix.stride..<(index + 1) * matrix.stride]
                guard own.elementsEqual(rows[place * matrix.stride..<(place + 1) * matrix.stride]),
                    chunk.scales[index] == scales[place], chunk.errors[index] == errors[place]
                else {
                    throw InputError(
                        path, expected: "the numbers of every key", found: "others in row \(place)", as: .damaged)
                }
            }
        }
    }
}
