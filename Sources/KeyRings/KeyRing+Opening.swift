import Files
import Foundation
import InputErrors

extension KeyRing {
    /// Rings of more labels get a file beside them when they are first looked for.
    public static let mostUnprepared = 10_000

    /// How a matrix was come by.
    public enum Preparation: Sendable, Equatable {
        /// The file beside the ring is of this very ring.
        case found
        /// It was made, in memory alone.
        case inMemory
        /// It was made and written beside the ring.
        case written
    }

    /// The derived keys, to be looked for; nil for a ring without any. The matrix is mapped from the file beside the ring,
    /// which is made where it is missing or belongs to an earlier state of the ring. That of a small ring is made in memory, and
    /// so is any where no file can be written.
    /// - Parameter observe: told how many rows are done where the matrix is made.
    /// - Throws: `InputError` for a damaged matrix, a label that comes twice, or where there is no memory.
    public func bank(observe: (Int) -> Void = { _ in }) throws -> (bank: RingBank, preparation: Preparation)? {
        guard count > 0 else { return nil }
        let file = matrixPath
        if let matrix = try KeyMatrixFile.open(file, of: self) { return (RingBank(self, matrix), .found) }
        if count > Self.mostUnprepared {
            do {
                try KeyMatrixFile.write(self, to: file, observe: observe)
                if let matrix = try KeyMatrixFile.open(file, of: self) { return (RingBank(self, matrix), .written) }
            } catch let error as InputError where error.code == .notWritable {
                // A ring on a disk that is full, or read only.
            }
        }
        try requireDistinctLabels()
        return (RingBank(self, try KeyMatrix(self, observe: observe)), .inMemory)
    }

    /// The derived keys over a matrix in memory, whatever files there are.
    public func bankInMemory() throws -> RingBank {
        precondition(count > 0, "a bank of \(count) keys")
        return RingBank(self, try KeyMatrix(self))
    }

    /// Where the matrix lies.
    public var matrixPath: String { KeyMatrixFile.path(of: path) }

    /// Makes the matrix beside the ring, whatever is there.
    /// - Parameter observe: told how many rows are done.
    /// - Returns: bytes of the file.
    /// - Throws: `InputError` for a ring without labels, one with a label twice, and where nothing can be written.
    public func prepare(observe: (Int) -> Void = { _ in }) throws -> Int {
        guard count > 0 else {
            throw InputError(path, expected: "a key ring with derived keys", found: "none", as: .empty)
        }
        try KeyMatrixFile.write(self, to: matrixPath, observe: observe)
        return KeyMatrixFile.headerLength + KeyMatrix.length(count: count, dimension: ownDimension)
    }

    /// What `check` found.
    public enum MatrixState: String, Sendable {
        /// There is no file.
        case none
        /// It belongs to an earlier state of the ring and will be made anew.
        case stale
        /// Every row has been made again from the secret and is the same.
        case whole
    }

    /// Checks that all labels can be told apart and printed, and every row of the matrix beside the ring.
    /// - Parameter observe: told how many rows are done.
    /// - Throws: `InputError` naming the first thing that is wrong.
    public func check(observe: (Int) -> Void = { _ in }) throws -> MatrixState {
        try requireDistinctLabels()
        for label in revocations.keys.sorted() where !labels().contains(label) {
            throw InputError(path, expected: "revocations of labels of the ring", found: label, as: .keyDocument)
        }
        guard RawPath(matrixPath).status != nil else { return .none }
        guard let matrix = try KeyMatrixFile.open(matrixPath, of: self) else { return .stale }
        try KeyMatrixFile.check(matrix, of: self, named: matrixPath, observe: observe)
        return .whole
    }
}
