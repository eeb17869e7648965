import Attempts
import Cryptography
import Files
import Foundation
import Images
import InputErrors
import Verdicts
import Verification

/// From a file's name to an image that can be judged, or the reason why there is none.
struct Examiner: Sendable {
    /// What a file turned out to be.
    enum Finding: Sendable {
        /// An image to judge.
        case subject(Subject, FileStamp)
        /// A file that cannot be judged.
        case failure(AuditFailure, FileStamp?)
        /// A file that the results have already, unchanged, or that was named before.
        case already
        /// A file of a folder that is no image by name or content.
        case skipped
    }

    /// The model's, in pixels.
    let imageSize: (height: Int, width: Int)
    /// Whose views are made of each picture before it is dropped.
    let plan: Plan
    /// Larger images are refused.
    let limitMegapixels: Double
    /// Whether a file is known by its content instead of length and time of change.
    let comparesHashes: Bool
    /// What the results have already; nil where nothing can be there twice.
    let index: AuditIndex?
    /// What pictures that are being decoded may take together.
    let budget: MemoryBudget

    /// Reads and decodes a file.
    func examine(_ candidate: Candidate) -> Finding {
        let entry = index?.entry(candidate.path)
        if let index, !index.claim(candidate.path) { return .already }
        var stamp: FileStamp?
        do {
            return try examine(candidate, entry, &stamp)
        } catch {
            let refusal =
                error as? InputError
                ?? InputError(candidate.path.description, expected: "an image", found: "\(error)", as: .unexpected)
            let failure = AuditFailure(path: candidate.path.description, refusal)
            if let entry, entry.end == .failed(failure.code), entry.stamp == stamp { return .already }
            return .failure(failure, stamp)
        }
    }

    private func examine(
        _ candidate: Candidate, _ entry: AuditIndex.Entry?, _ stamp: inout FileStamp?
    ) throws -> Finding {
        if let problem = candidate.problem { throw problem }
        let promisesImage = !candidate.isFromFolder || ImageDecoder.isNamedAsImage(candidate.path)
        let file: RegularFile
        do {
            file = try RegularFile(opening: candidate.path)
        } catch let error as InputError where error.code == .notAFile && !promisesImage {
            return .skipped
        }
        let fileStamp = FileStamp(size: file.count, modified: file.modified)
        stamp = fileStamp
        if let entry, entry.stamp == fileStamp, isFinal(entry) { return .already }
        if !promisesImage, try !ImageDecoder.recognises(file.beginning(16)) { return .skipped }
        return try budget.holding(memory(of: file)) { try subject(file, fileStamp, entry?.digest) }
    }

    /// The bytes that a file takes until its picture is dropped: its content, which the decoder has as an array too, and
    /// what decoding takes.
    private func memory(of file: RegularFile) -> Int {
        2 * min(file.count, ImageFile.largestFile)
            + ImageDecoder.memory(toDecode: file, limitMegapixels: limitMegapixels)
    }

    /// Reads, decodes and prepares an image, unless its content is known.
    private func subject(_ file: RegularFile, _ stamp: FileStamp, _ known: FileDigest?) throws -> Finding {
        let start = ContinuousClock.now
        let content = try file.content(limit: ImageFile.largestFile)
        let sha256 = content.withUnsafeBytes(SHA256.hash).hexadecimal
        if let known, known == FileDigest(hexadecimal: sha256) { return .already }
        let name = RawPath(file.name).description
        let item = try EncodedImage(name: name, content: content, sha256: sha256, since: start)
            .item(limitMegapixels: limitMegapixels)
        var subject = Subject(item, views: plan.tryingBoth(item.orientation).views, size: imageSize)
        subject.dropPicture()
        return .subject(subject, stamp)
    }

    /// Whether length and time of change are enough to leave a file alone.
    private func isFinal(_ entry: AuditIndex.Entry) -> Bool {
        switch entry.end {
        case .judged: !comparesHashes
        case .failed(let code): !code.mayPass
        }
    }
}
