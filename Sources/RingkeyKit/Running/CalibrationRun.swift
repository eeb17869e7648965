import Foundation
import Images
import InputErrors
import Marks
import NullModels
import Tensors
import Verification

/// Learns a calibration from a model's unmarked images.
public struct CalibrationRun {
    /// How alike the noise of two unmarked images is along one route, with nulls learnt from one half of the images and
    /// held against the other.
    public struct Likeness: Sendable, Encodable {
        /// The route.
        public let look: String
        /// Root mean square cosine without a calibration.
        public let likenessBefore: Double
        /// The same with the calibration, held out.
        public let likenessAfter: Double
        /// The value for white noise.
        public let white: Double

        enum CodingKeys: String, CodingKey {
            case look
            case likenessBefore = "likeness_before"
            case likenessAfter = "likeness_after"
            case white
        }
    }

    /// What was learnt.
    public struct Outcome: Sendable {
        /// The calibration.
        public let calibration: Calibration
        /// One for each route; none where the images are too few to be halved.
        public let likeness: [Likeness]
        /// One for each route; none without marked images.
        public let recoveries: [Recovery]
        /// Files that could not be read.
        public let failures: [InputError]
    }

    private let model: OpenModel
    private let recovery: NoiseRecovery
    private let batch: Int
    private let limitMegapixels: Double

    /// Loads what the routes need.
    /// - Parameters:
    ///   - model: whose images they are.
    ///   - request: the routes to learn a null model for; another autoencoder is none of them.
    ///   - batch: images to put through the model at once.
    ///   - limitMegapixels: larger images are refused.
    public init(_ model: OpenModel, _ request: RecoveryRequest, batch: Int, limitMegapixels: Double) throws {
        model.beginHashing()
        self.model = model
        self.batch = batch
        self.limitMegapixels = limitMegapixels
        var own = request
        own.autoencoder = nil
        recovery = try own.recovery(model.model)
    }

    /// Learns from the files that can be read.
    /// - Parameters:
    ///   - paths: unmarked image files, at least `NullModel.fewestImages`.
    ///   - keys: without an exact p-value, whose conformal one is to be taken from these images.
    ///   - marked: images to measure from how well marks come back; nil for none.
    ///   - observe: told of files done, unmarked and marked, and of each that could not be read.
    /// - Throws: `InputError` for too few images, and for marked images that do not carry the key's mark.
    public func learn(
        _ paths: [String], keys: [any MarkKey] = [], marked: MarkedImages? = nil,
        observe: (Int, InputError?) -> Void = { _, _ in }
    ) throws -> Outcome {
        guard paths.count >= NullModel.fewestImages else {
            throw InputError(
                "calibrate", expected: "at least \(NullModel.fewestImages) images", found: "\(paths.count)",
                as: .tooFew)
        }
        let routes = recovery.settings.routes
        let names = routes.map(recovery.name)
        try Self.require(keys, marked, for: recovery.latentShape)
        let (latents, failures) = try recover(paths, observe)
        let nulls = try latents.map { try NullModel(learningFrom: $0) }
        let markedNoise = try marked.map { marked in
            try recover(marked.paths) { observe(paths.count + $0, $1) }
        }
        let recoveries = try zip([marked].compactMap(\.self), [markedNoise].compactMap(\.self)).flatMap {
            try Self.recoveries($1.latents, of: $0.key, nulls: nulls, names: names)
        }
        let calibration = try Calibration(
            modelDigest: model.identity().digest, prompt: recovery.settings.prompt,
            guidance: recovery.settings.guidance, images: paths.count - failures.count,
            nulls: Dictionary(zip(names, nulls)) { $1 },
            recoveries: recoveries.map(\.calibrated),
            scores: Dictionary(zip(names, try latents.map { try Self.scores($0, of: keys) })) { $1 })
        let likeness = try zip(routes, latents).compactMap { route, latents in
            latents.count >= 2 * NullModel.fewestImages ? try Self.likeness("\(route)", latents) : nil
        }
        return Outcome(
            calibration: calibration, likeness: likeness, recoveries: recoveries,
            failures: failures + (markedNoise?.failures ?? []))
    }

    /// The recovered noise of every image that can be read, by routes.
    private func recover(
        _ paths: [String], _ observe: (Int, InputError?) -> Void
    ) throws -> (latents: [[Tensor]], failures: [InputError]) {
        let routes = recovery.settings.routes
        var latents = routes.map { _ in [Tensor]() }
        var failures: [InputError] = []
        for start in stride(from: 0, to: paths.count, by: batch) {
            var subjects: [Subject] = []
            for path in paths[start..<min(start + batch, paths.count)] {
                do {
                    let item = try ImageFile(path).item(limitMegapixels: limitMegapixels)
                    var subject = Subject(item, size: recovery.imageSize)
                    subject.dropPicture()
                    subjects.append(subject)
                } catch let error as InputError {
                    failures.append(error)
                    observe(start, error)
                }
            }
            if !subjects.isEmpty {
                var recoveryBatch = try RecoveryBatch(
                    .concatenating(subjects.map { $0.frames[0].pixels }), prompts: subjects.map { _ in nil },
                    recovery: recovery, for: routes[0])
                for (index, route) in routes.enumerated() {
                    let noise = try recoveryBatch.recover(Array(subjects.indices), by: route).noise
                    latents[index] += subjects.indices.map { noise.item($0) }
                }
            }
            observe(min(start + batch, paths.count), nil)
        }
        return (latents, failures)
    }

    private static func likeness(_ route: String, _ latents: [Tensor]) throws -> Likeness {
        let halves = (0..<2).map { half in
            latents.enumerated().filter { $0.offset % 2 == half }.map(\.element)
        }
        let after = try [(0, 1), (1, 0)].map { own, other in
            let null = try NullModel(learningFrom: halves[own])
            return LatentLikeness.rootMeanSquareCosine(halves[other].map(null.filtered))
        }
        return Likeness(
            look: route, likenessBefore: LatentLikeness.rootMeanSquareCosine(latents),
            likenessAfter: (after[0] + after[1]) / 2, white: 1 / Double(latents[0].count).squareRoot())
    }
}
