import DecoderInversion
import Diffusion
import Foundation
import RingKeys
import Tensors

/// Decides whether images carry the mark of one of several keys.
///
/// The looks of its `NoiseRecovery` are taken in order, the cheapest first. An image is done at the first look whose
/// p-value, multiplied by keys × looks, is below the asked rate; the others go on together to the next.
public struct Verifier: Sendable {
    /// How evidence becomes a verdict.
    public struct Settings: Sendable {
        /// The asked false-positive rate, in (0, 1).
        public var falsePositiveRate: Double
        /// Whether a match of reversed sign counts too.
        public var twoSided: Bool
        /// Decoy keys to rank the key among; 0 for none.
        public var decoys: Int
        /// Whether to go on looking where a look has decided, for studies.
        public var takesAllLooks: Bool
        /// What counts as noise-like.
        public var noiseLimits: NoiseLikeness.Limits

        /// Settings; by default one in a million, one-sided, ten thousand decoys.
        public init(
            falsePositiveRate: Double = 1e-6, twoSided: Bool = false, decoys: Int = DecoyKeys.standardCount,
            takesAllLooks: Bool = false, noiseLimits: NoiseLikeness.Limits = .standard
        ) {
            precondition(
                falsePositiveRate > 0 && falsePositiveRate < 1, "a false-positive rate of \(falsePositiveRate)")
            self.falsePositiveRate = falsePositiveRate
            self.twoSided = twoSided
            self.decoys = decoys
            self.takesAllLooks = takesAllLooks
            self.noiseLimits = noiseLimits
        }
    }

    /// A verdict and what it rests on, for pictures.
    public struct Evidence: Sendable {
        /// The verdict.
        public let verdict: Verdict
        /// The key of the verdict.
        public let detector: KeyDetector
        /// ẑ_T, `[1, C, h, w]`.
        public let noise: Tensor
        /// What was measured in the place of the key's numbers.
        public let statistic: [Double]
        /// The cosine of each decoy with `statistic`.
        public let decoyCosines: [Float]
        /// Figures of the recovered noise.
        public let noiseLikeness: NoiseLikeness
    }

    /// The way back to the noise.
    public let recovery: NoiseRecovery
    /// One for each key.
    public let detectors: [KeyDetector]
    /// How evidence becomes a verdict.
    public let settings: Settings
    /// What the model's unmarked images have in common; nil where that was not learnt.
    public let calibration: Calibration?
    let calibrationDigest: String?
    private let model: @Sendable () throws -> Verdict.ModelIdentity
    private let tool: String
    private let reach: [Double]
    private let decoys: DecoyStore

    /// - Parameters:
    ///   - detectors: one for each key; at least one.
    ///   - tool: name and version, for the verdict.
    ///   - calibration: of this model.
    ///   - model: asked once a batch, so that a digest may be computed meanwhile.
    /// - Throws: `InputError` for a key or a calibration of another latent shape than the model's.
    public init(
        recovery: NoiseRecovery, detectors: [KeyDetector], settings: Settings, tool: String,
        calibration: Calibration? = nil, model: @escaping @Sendable () throws -> Verdict.ModelIdentity
    ) throws {
        precondition(!detectors.isEmpty, "a verifier without keys")
        for detector in detectors where detector.key.geometry.latentShape != recovery.autoencoder.latentShape {
            throw InputError(
                "key \(detector.key.name)",
                expected: "a latent of \(recovery.autoencoder.latentShape), as the model has",
                found: "\(detector.key.geometry.latentShape)")
        }
        try Self.requireFit(calibration, recovery)
        self.recovery = recovery
        self.detectors = detectors
        self.calibration = calibration
        calibrationDigest = calibration?.digest
        self.settings = settings
        decoys = DecoyStore(count: settings.decoys)
        self.model = model
        self.tool = tool
        reach = detectors.map { $0.key.isRandom ? $0.log10Reach : 0 }
    }

    /// What the p-value is corrected for: keys × looks.
    public var hypotheses: Int { detectors.count * recovery.settings.looks.count }

    /// Judges a batch of images.
    public func judge(_ subjects: [Subject]) throws -> [Evidence] {
        var batch = try RecoveryBatch(
            .concatenating(subjects.map(\.pixels)), prompts: subjects.map(\.prompt), recovery: recovery)
        var examinations = subjects.map { _ in
            Examination(encoding: batch.encodingStage, falsePositiveRate: settings.falsePositiveRate)
        }
        for look in recovery.settings.looks {
            let open = subjects.indices.filter { settings.takesAllLooks || !examinations[$0].isDecided }
            if open.isEmpty { break }
            let recovered = try batch.recover(open, by: look)
            for (position, item) in open.enumerated() {
                let noise = recovered.inverted.noise.item(position)
                let filtered = null(look, subjects[item])?.filtered(noise) ?? noise
                let sight = Examination.Sight(
                    look: look, noise: noise, outcome: recovered.outcomes[position],
                    diffusionOutcome: recovered.inverted.outcomes?[position], measurements: try measure(filtered))
                examinations[item].add(sight, stages: recovered.stages[position])
            }
        }
        let clock = StageClock()
        let decoyCosines = decoyCosines(examinations)
        let likeness = try examinations.map { try NoiseLikeness($0.sights[$0.index].noise) }
        let detection = Verdict.Stage(
            stage: .detection, method: "cosine with the key", seconds: clock.seconds / Double(subjects.count))
        let model = try self.model()
        try requireCalibration(of: model)
        return subjects.indices.map { index in
            evidence(
                subjects[index], examinations[index], decoyCosines: decoyCosines[index], likeness: likeness[index],
                model: model, detection: detection)
        }
    }

    /// All keys on one image, the best first.
    private func measure(_ noise: Tensor) throws -> [Examination.Measurement] {
        try zip(detectors, reach).map { detector, log10Reach in
            let statistic = try detector.measure(noise)
            let cosine = detector.key.isRandom ? detector.cosine(statistic) : 0
            let score =
                detector.key.isRandom
                ? KeyScore(
                    cosine: cosine, dimension: detector.dimension, hypotheses: hypotheses, twoSided: settings.twoSided)
                : nil
            return Examination.Measurement(
                detector: detector, log10Reach: log10Reach, statistic: statistic, cosine: cosine, score: score)
        }.sorted { $0.rank < $1.rank }
    }

    /// The decoys of each image's verdict.
    private func decoyCosines(_ examinations: [Examination]) -> [[Float]] {
        var result = [[Float]](repeating: [], count: examinations.count)
        guard settings.decoys > 0 else { return result }
        let best = examinations.map { $0.sights[$0.index].best }
        let random = best.indices.filter { best[$0].detector.key.isRandom }
        for (dimension, group) in Dictionary(grouping: random, by: { best[$0].detector.dimension }) {
            let cosines = decoys.decoys(dimension: dimension).cosines(group.map { best[$0].statistic })
            for (item, own) in zip(group, cosines) { result[item] = own }
        }
        return result
    }

    private func evidence(
        _ subject: Subject, _ examination: Examination, decoyCosines: [Float], likeness: NoiseLikeness,
        model: Verdict.ModelIdentity, detection: Verdict.Stage
    ) -> Evidence {
        let sight = examination.sights[examination.index]
        let best = sight.best
        var findings: [Verdict.Finding] = []
        let decision = decide(examination, likeness: likeness, findings: &findings)
        if subject.isResampled { findings.append(.resampled(subject)) }
        if sight.outcome.fellBack { findings.append(.fellBack(sight.outcome)) }
        if let outcome = sight.diffusionOutcome, outcome.fellBack { findings.append(.fellBack(outcome)) }
        let calibration = calibrationIdentity(sight.look, subject, &findings)
        let reference: Verdict.ReferenceScore
        if sight.look.steps == 0 {
            reference = .init(note: "the clean latent decided, which the package does not look at")
        } else {
            let score = best.detector.referenceScore(sight.noise)
            reference = .init(l1: score.l1, pValue: score.pValue, note: score.reason)
        }
        let preprocessing = Verdict.Stage(
            stage: .preprocessing, method: subject.isResampled ? "decoded, resized, cropped" : "decoded",
            seconds: subject.seconds)
        let stages = [preprocessing] + examination.stages + [detection]
        let verdict = Verdict(
            path: subject.path, sha256: subject.sha256, bytes: subject.bytes, width: subject.image.width,
            height: subject.image.height, verdict: decision, key: .init(best.detector.key), pValue: best.score?.pValue,
            log10P: best.score?.finiteLog10P, cosine: best.score?.cosine, dimension: best.detector.dimension,
            hypotheses: hypotheses, look: examination.index + 1, looks: examination.sights.map(\.result),
            twoSided: settings.twoSided, fpr: settings.falsePositiveRate,
            decoyRank: decoyCosines.isEmpty
                ? nil : DecoyKeys.rank(of: best.cosine, among: decoyCosines, twoSided: settings.twoSided),
            decoys: decoyCosines.count,
            reference: reference,
            scores: sight.measurements.map {
                .init(
                    key: .init($0.detector.key), pValue: $0.score?.pValue, log10P: $0.score?.finiteLog10P,
                    cosine: $0.score?.cosine, dimension: $0.detector.dimension)
            },
            stages: stages, model: model, calibration: calibration, findings: findings,
            seconds: stages.reduce(0) { $0 + $1.seconds }, tool: tool)
        return Evidence(
            verdict: verdict, detector: best.detector, noise: sight.noise, statistic: best.statistic,
            decoyCosines: decoyCosines, noiseLikeness: likeness)
    }

    /// A match is a match whatever the latent looks like: the p-value holds for every image. An absence needs a key that
    /// could have been found and a latent that looks like noise.
    private func decide(
        _ examination: Examination, likeness: NoiseLikeness, findings: inout [Verdict.Finding]
    ) -> Verdict.Decision {
        let sight = examination.sights[examination.index]
        var isBlind = false
        for measurement in sight.measurements {
            if let finding = blindness(measurement) {
                findings.append(finding)
                isBlind = true
            }
        }
        // A clean latent that decided need not look like noise.
        let objection =
            examination.isDecided && sight.look.steps == 0 ? nil : likeness.objection(settings.noiseLimits)
        if let objection {
            findings.append(
                .init(
                    code: .notNoiseLike, message: objection.message, measured: objection.measured,
                    limit: objection.limit))
        }
        if examination.isDecided { return .watermarked }
        return isBlind || objection != nil ? .undecided : .notWatermarked
    }

    /// Why a key cannot be found to be absent; nil where it can.
    private func blindness(_ measurement: Examination.Measurement) -> Verdict.Finding? {
        let key = measurement.detector.key
        guard key.isRandom else {
            let reason = key.reasonWithoutExactPValue ?? "not random"
            return .init(code: .keyNotRandom, message: "key \(key.name) has no p-value: \(reason)")
        }
        let rate = settings.falsePositiveRate
        let reach = measurement.log10Reach + log10(Double(hypotheses))
        guard reach > log10(rate) else { return nil }
        return .init(
            code: .keyCannotReachRate,
            message: """
                key \(key.name) has \(measurement.detector.dimension) numbers, too few for a rate of \(rate): even well \
                recovered its median p-value is above it
                """, measured: pow(10, reach), limit: rate)
    }
}

extension Verdict.KeyIdentity {
    init(_ key: RingKey) { self.init(id: key.id, name: key.name, pattern: key.geometry.pattern.rawValue) }
}

extension Verdict.Finding {
    fileprivate static func resampled(_ subject: Subject) -> Self {
        .init(
            code: .imageResampled,
            message: """
                the image is \(subject.image.width)×\(subject.image.height) and was resized and cropped to \
                \(subject.pixels.shape[3])×\(subject.pixels.shape[2])
                """)
    }

    fileprivate static func fellBack(_ outcome: DecoderInverter.Outcome) -> Self {
        .init(
            code: .decoderInversionFellBack,
            message: "decoder inversion \(outcome.ending.rawValue); an earlier point with a smaller residual was kept",
            measured: outcome.residual, limit: outcome.encoderResidual)
    }

    fileprivate static func fellBack(_ outcome: ExactInversion.Outcome) -> Self {
        .init(
            code: .diffusionInversionFellBack,
            message:
                "exact diffusion inversion did not converge, as under strong guidance; naive inversion took its place",
            measured: outcome.residual.isFinite ? outcome.residual : nil)
    }
}
