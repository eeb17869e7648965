import DecoderInversion
import Foundation
import RingKeys
import Tensors

/// Decides whether images carry the mark of one of several keys.
public struct Verifier: Sendable {
    /// How evidence becomes a verdict.
    public struct Settings: Sendable {
        /// The asked false-positive rate, in (0, 1).
        public var falsePositiveRate: Double
        /// Whether a match of reversed sign counts too.
        public var twoSided: Bool
        /// Decoy keys to rank the key among; 0 for none.
        public var decoys: Int
        /// What counts as noise-like.
        public var noiseLimits: NoiseLikeness.Limits

        /// Settings; by default one in a million, one-sided, ten thousand decoys.
        public init(
            falsePositiveRate: Double = 1e-6, twoSided: Bool = false, decoys: Int = DecoyKeys.standardCount,
            noiseLimits: NoiseLikeness.Limits = .standard
        ) {
            precondition(
                falsePositiveRate > 0 && falsePositiveRate < 1, "a false-positive rate of \(falsePositiveRate)")
            self.falsePositiveRate = falsePositiveRate
            self.twoSided = twoSided
            self.decoys = decoys
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
    private let model: @Sendable () throws -> Verdict.ModelIdentity
    private let tool: String
    private let reach: [Double]

    /// - Parameters:
    ///   - detectors: one for each key; at least one.
    ///   - tool: name and version, for the verdict.
    ///   - model: asked once a batch, so that a digest may be computed meanwhile.
    /// - Throws: `InputError` for a key of another latent shape than the model's.
    public init(
        recovery: NoiseRecovery, detectors: [KeyDetector], settings: Settings, tool: String,
        model: @escaping @Sendable () throws -> Verdict.ModelIdentity
    ) throws {
        precondition(!detectors.isEmpty, "a verifier without keys")
        for detector in detectors where detector.key.geometry.latentShape != recovery.autoencoder.latentShape {
            throw InputError(
                "key \(detector.key.name)",
                expected: "a latent of \(recovery.autoencoder.latentShape), as the model has",
                found: "\(detector.key.geometry.latentShape)")
        }
        self.recovery = recovery
        self.detectors = detectors
        self.settings = settings
        self.model = model
        self.tool = tool
        reach = detectors.map { $0.key.isRandom ? $0.log10Reach : 0 }
    }

    /// Judges a batch of images.
    public func judge(_ subjects: [Subject]) throws -> [Evidence] {
        let recovered = try recovery.recover(.concatenating(subjects.map(\.pixels)))
        let clock = StageClock()
        let noises = (0..<subjects.count).map { recovered.noise.item($0) }
        let candidates = try measure(noises)
        let likeness = try noises.map { try NoiseLikeness($0) }
        let seconds = clock.seconds / Double(subjects.count)
        let model = try self.model()
        return subjects.indices.map { index in
            evidence(
                subjects[index], candidates[index], noise: noises[index], likeness: likeness[index],
                outcome: recovered.outcomes[index], model: model,
                stages: recovered.stages[index] + [
                    Verdict.Stage(stage: .detection, method: "cosine with the key", seconds: seconds)
                ])
        }
    }

    /// One key's measurement of one image.
    private struct Candidate {
        let detector: KeyDetector
        let log10Reach: Double
        let statistic: [Double]
        let cosine: Double
        /// Nil for a key that was not drawn at random.
        let score: KeyScore?
        let decoyCosines: [Float]
    }

    /// All keys on all images, each image's best key first. Decoys are drawn once for all images.
    private func measure(_ noises: [Tensor]) throws -> [[Candidate]] {
        var candidates = [[Candidate]](repeating: [], count: noises.count)
        for (detector, log10Reach) in zip(detectors, reach) {
            let statistics = try noises.map { try detector.measure($0) }
            let decoys =
                settings.decoys > 0 && detector.key.isRandom
                ? DecoyKeys.cosines(statistics, count: settings.decoys)
                : [[Float]](repeating: [], count: noises.count)
            for (index, statistic) in statistics.enumerated() {
                let cosine = detector.key.isRandom ? detector.cosine(statistic) : 0
                let score =
                    detector.key.isRandom
                    ? KeyScore(
                        cosine: cosine, dimension: detector.dimension, hypotheses: detectors.count,
                        twoSided: settings.twoSided)
                    : nil
                candidates[index].append(
                    Candidate(
                        detector: detector, log10Reach: log10Reach, statistic: statistic, cosine: cosine, score: score,
                        decoyCosines: decoys[index]))
            }
        }
        return candidates.map { list in
            list.sorted { ($0.score?.log10P ?? 1) < ($1.score?.log10P ?? 1) }
        }
    }

    private func evidence(
        _ subject: Subject, _ candidates: [Candidate], noise: Tensor, likeness: NoiseLikeness,
        outcome: DecoderInversion.Outcome, model: Verdict.ModelIdentity, stages: [Verdict.Stage]
    ) -> Evidence {
        let best = candidates[0]
        var findings: [Verdict.Finding] = []
        let decision = decide(candidates, likeness: likeness, findings: &findings)
        if subject.isResampled {
            findings.append(
                .init(
                    code: .imageResampled,
                    message: """
                        the image is \(subject.image.width)×\(subject.image.height) and was resized and cropped to \
                        \(subject.pixels.shape[3])×\(subject.pixels.shape[2])
                        """))
        }
        if outcome.fellBack {
            findings.append(
                .init(
                    code: .decoderInversionFellBack,
                    message:
                        "decoder inversion \(outcome.ending.rawValue); an earlier point with a smaller residual was kept",
                    measured: outcome.residual,
                    limit: outcome.encoderResidual))
        }
        let reference = best.detector.referenceScore(noise)
        let preprocessing = Verdict.Stage(
            stage: .preprocessing, method: subject.isResampled ? "decoded, resized, cropped" : "decoded",
            seconds: subject.seconds)
        let allStages = [preprocessing] + stages
        let verdict = Verdict(
            path: subject.path, sha256: subject.sha256, bytes: subject.bytes, width: subject.image.width,
            height: subject.image.height, verdict: decision, key: .init(best.detector.key), pValue: best.score?.pValue,
            log10P: best.score.map(Self.finiteLog10P), cosine: best.score?.cosine, dimension: best.detector.dimension,
            hypotheses: detectors.count, twoSided: settings.twoSided, fpr: settings.falsePositiveRate,
            decoyRank: best.decoyCosines.isEmpty
                ? nil
                : DecoyKeys.rank(of: best.cosine, among: best.decoyCosines, twoSided: settings.twoSided),
            decoys: best.decoyCosines.count,
            reference: .init(l1: reference.l1, pValue: reference.pValue, note: reference.reason),
            scores: candidates.map {
                .init(
                    key: .init($0.detector.key), pValue: $0.score?.pValue, log10P: $0.score.map(Self.finiteLog10P),
                    cosine: $0.score?.cosine, dimension: $0.detector.dimension)
            },
            stages: allStages, model: model, findings: findings, seconds: allStages.reduce(0) { $0 + $1.seconds },
            tool: tool)
        return Evidence(
            verdict: verdict, detector: best.detector, noise: noise, statistic: best.statistic,
            decoyCosines: best.decoyCosines, noiseLikeness: likeness)
    }

    /// A match is a match whatever the latent looks like: the p-value holds for every image. An absence needs a key that
    /// could have been found and a latent that looks like noise.
    private func decide(
        _ candidates: [Candidate], likeness: NoiseLikeness, findings: inout [Verdict.Finding]
    ) -> Verdict.Decision {
        let rate = settings.falsePositiveRate
        let isFound = candidates[0].score.map { $0.log10P <= log10(rate) } ?? false
        for candidate in candidates {
            let name = candidate.detector.key.name
            guard candidate.detector.key.isRandom else {
                findings.append(
                    .init(
                        code: .keyNotRandom,
                        message:
                            "key \(name) has no p-value: \(candidate.detector.key.reasonWithoutExactPValue ?? "not random")"
                    ))
                continue
            }
            let reach = candidate.log10Reach + log10(Double(detectors.count))
            if reach > log10(rate) {
                findings.append(
                    .init(
                        code: .keyCannotReachRate,
                        message: """
                            key \(name) has \(candidate.detector.dimension) numbers, too few for a rate of \(rate): even \
                            well recovered its median p-value is above it
                            """, measured: pow(10, reach), limit: rate))
            }
        }
        let isBlind = candidates.contains { candidate in
            !candidate.detector.key.isRandom || candidate.log10Reach + log10(Double(detectors.count)) > log10(rate)
        }
        let objection = likeness.objection(settings.noiseLimits)
        if let objection {
            findings.append(
                .init(
                    code: .notNoiseLike, message: objection.message, measured: objection.measured,
                    limit: objection.limit))
        }
        if isFound { return .watermarked }
        return isBlind || objection != nil ? .undecided : .notWatermarked
    }

    /// JSON has no infinity; a p-value of 0 comes of a cosine of 1 alone.
    private static func finiteLog10P(_ score: KeyScore) -> Double { max(score.log10P, -99999) }
}

extension Verdict.KeyIdentity {
    init(_ key: RingKey) { self.init(id: key.id, name: key.name, pattern: key.geometry.pattern.rawValue) }
}
