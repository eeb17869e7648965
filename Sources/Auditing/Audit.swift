import Attempts
import Files
import Foundation
import InputErrors
import Items
import Synchronization
import Verdicts
import Verification

/// Judges the files of several sources: reading, decoding, the model and detection overlap, and the memory in use does
/// not grow with the number of files.
///
/// A batch that cannot be judged is judged image by image, so that one bad image costs nobody else a verdict.
public final class Audit: Sendable {
    /// How files become verdicts.
    public struct Settings: Sendable {
        /// Images judged at once.
        public var batch: Int
        /// Batches judged at the same time: while one is in the model, another one's keys are scored.
        public var judges = 2
        /// Threads that read and decode.
        public var examiners: Int
        /// The model's, in pixels.
        public var imageSize: (height: Int, width: Int)
        /// Whose views are made of each picture before it is dropped.
        public var plan: Plan
        /// Larger images are refused.
        public var limitMegapixels: Double
        /// Bytes that files and pictures on their way to a verdict may take; a picture that needs more is alone.
        public var memory = Settings.standardMemory
        /// Whether files of an earlier run are compared by SHA-256 instead of length and time of change.
        public var comparesHashes = false

        /// Half of what the process can still take, at least 64 MiB.
        public static var standardMemory: Int { max(64 << 20, AvailableMemory.bytes / 2) }

        /// The most bytes of an image that waits for the model: in two orientations.
        var bytesPerSubject: Int { max(1, 2 * plan.views.count * 3 * imageSize.height * imageSize.width * 4) }

        /// Settings; threads for reading and decoding by the number of cores.
        public init(
            batch: Int, imageSize: (height: Int, width: Int), plan: Plan, limitMegapixels: Double
        ) {
            self.plan = plan
            self.batch = batch
            self.imageSize = imageSize
            self.limitMegapixels = limitMegapixels
            examiners = min(4, max(2, ProcessInfo.processInfo.activeProcessorCount))
        }
    }

    /// What is told of each file, in the order of the files.
    public enum Event: Sendable {
        /// A line to write.
        case record(AuditRecord)
        /// Nothing to write: the results have it already.
        case already
        /// Nothing to write: no image.
        case skipped
    }

    /// So many images in a row without one verdict are the model's fault and not theirs.
    private static let hopeless = 32

    private let settings: Settings
    private let examiner: Examiner
    private let pipeline: AuditPipeline
    private let judge: @Sendable ([Subject]) throws -> [Verdict]
    private let luck = Mutex((verdicts: 0, failures: 0))

    /// - Parameters:
    ///   - settings: how files become verdicts.
    ///   - index: what the results have already; nil where no file can come twice.
    ///   - judge: a verdict for each image, in order. Called on several threads.
    public init(
        _ settings: Settings, index: AuditIndex?, judge: @escaping @Sendable ([Subject]) throws -> [Verdict]
    ) {
        self.settings = settings
        self.judge = judge
        examiner = Examiner(
            imageSize: settings.imageSize, plan: settings.plan, limitMegapixels: settings.limitMegapixels,
            comparesHashes: settings.comparesHashes, index: index,
            // A quarter is for the images that wait for the model.
            budget: MemoryBudget(limit: max(1, settings.memory / 4 * 3)))
        pipeline = AuditPipeline(
            batch: settings.batch, judges: settings.judges, examiners: settings.examiners,
            mostWaiting: settings.memory / 4 / settings.bytesPerSubject)
    }

    /// Ends the audit after the batches that are being judged. From any thread.
    public func stop() { pipeline.stop() }

    /// The time in which at least one batch was being judged.
    public var judgingSeconds: Double { pipeline.judgingDuration / .seconds(1) }

    /// Judges all files.
    /// - Parameters:
    ///   - sources: folders, files, lists, standard input.
    ///   - shard: the part of them that is judged; nil for all.
    ///   - separator: what ends a path in lists and on standard input.
    ///   - handle: called on this thread for each file. An error from it ends the audit.
    /// - Returns: whether all sources were read to their end.
    /// - Throws: what `handle` threw, or `InputError` for a source that cannot be read, a model that fails on every image
    ///   or a system without threads; what was judged before that was handled.
    public func run(
        _ sources: [AuditSource], shard: Shard? = nil, separator: UInt8 = UInt8(ascii: "\n"),
        handle: (Event) throws -> Void
    ) throws -> Bool {
        let threads = DispatchGroup()
        do {
            try start("source", in: nil) { [self] in read(SourceReader(sources, shard: shard, separator: separator)) }
            for _ in 0..<settings.examiners { try start("examiner", in: threads) { [self] in examineAll() } }
            for _ in 0..<settings.judges { try start("judge", in: threads) { [self] in judgeAll() } }
        } catch {
            pipeline.stop(error)
        }
        var failure: (any Error)?
        while let result = pipeline.takeResult() {
            guard failure == nil else { continue }
            do {
                switch result {
                case .record(let record): try handle(.record(record))
                case .already: try handle(.already)
                case .skipped: try handle(.skipped)
                }
            } catch {
                failure = error
                pipeline.stop(error)
            }
        }
        // The source's thread may wait for standard input for ever; the others are done.
        threads.wait()
        if let error = failure ?? pipeline.error { throw error }
        return pipeline.isComplete
    }

    private func start(_ name: String, in group: DispatchGroup?, _ body: @escaping @Sendable () -> Void) throws {
        group?.enter()
        do {
            try DetachedThread.start(name) {
                body()
                group?.leave()
            }
        } catch {
            group?.leave()
            throw error
        }
    }

    private func read(_ sources: SourceReader) {
        var sources = sources
        do {
            while let candidate = try sources.next(waiting: pipeline.sourceIsWaiting) {
                guard pipeline.admit(candidate) else { return }
            }
            pipeline.endSource(nil)
        } catch {
            pipeline.endSource(error)
        }
    }

    private func examineAll() {
        while let item = pipeline.takeItem() {
            switch examiner.examine(item.candidate) {
            case .subject(let subject, let stamp):
                pipeline.put(AuditPipeline.Ready(item: item, subject: subject, stamp: stamp))
            case .failure(let failure, let stamp):
                pipeline.put(.record(record(.failure(failure), item, stamp)), for: item)
            case .already: pipeline.put(.already, for: item)
            case .skipped: pipeline.put(.skipped, for: item)
            }
        }
    }

    private func judgeAll() {
        while let images = pipeline.takeBatch() {
            let outcomes = judgeTogether(images)
            pipeline.put(zip(images, outcomes).map { ($0.item, .record(record($1, $0.item, $0.stamp))) })
        }
    }

    private func judgeTogether(_ images: [AuditPipeline.Ready]) -> [AuditRecord.Outcome] {
        do {
            let verdicts = try judge(images.map(\.subject))
            luck.withLock { $0.verdicts += verdicts.count }
            return verdicts.map { .verdict($0) }
        } catch {
            guard images.count == 1 else { return images.flatMap { judgeTogether([$0]) } }
            let refusal =
                error as? InputError
                ?? InputError("model", expected: "an image it can judge", found: "\(error)", as: .modelGraph)
            let isHopeless = luck.withLock { luck in
                luck.failures += 1
                return luck.verdicts == 0 && luck.failures >= Self.hopeless
            }
            if isHopeless { pipeline.stop(refusal) }
            return [
                .failure(
                    AuditFailure(
                        path: images[0].subject.name, code: .notMeasurable, expected: refusal.expected,
                        found: "\(refusal.subject): \(refusal.found)"))
            ]
        }
    }

    private func record(_ outcome: AuditRecord.Outcome, _ item: AuditPipeline.Item, _ stamp: FileStamp?) -> AuditRecord
    {
        AuditRecord(outcome, stamp: stamp, rawPath: item.candidate.path.isText ? nil : item.candidate.path)
    }
}

extension Audit {
    /// How many files sources have, in a shard. Lists and folders are read for it; stops where `isWanted` says so.
    public static func count(
        _ sources: [AuditSource], shard: Shard?, separator: UInt8, while isWanted: () -> Bool
    ) -> Int? {
        var reader = SourceReader(sources, shard: shard, separator: separator)
        var count = 0
        do {
            while try reader.next() != nil {
                count += 1
                if count & 255 == 0, !isWanted() { return nil }
            }
        } catch {
            return nil
        }
        return count
    }
}
