import Attempts
import Foundation
import Marks
import Models
import NullModels
import Registration
import Verdicts

/// Writes the document `ringkey.verdict/1` of one examined image: the only place that does.
struct VerdictWriter {
    let subject: Subject
    let examination: Examination
    let verifier: Verifier
    let calibrated: CalibratedPlan
    let likeness: NoiseLikeness
    let decoyAgreements: [Float]
    let model: ModelIdentity
    let encodingSeconds: Double
    let detectionSeconds: Double
    let tool: String

    private var plan: Plan { verifier.plan.tryingBoth(subject.orientation) }
    private var trial: Examination.Trial { examination.trial }
    private var settings: Verifier.Settings { verifier.settings }

    /// The verdict with what can be drawn of it.
    func evidence() -> Verifier.Evidence {
        let (keys, best, noise) = (verifier.keys, trial.best.match, trial.noise)
        return Verifier.Evidence(
            verdict: verdict(),
            picture: { keys.reader(of: best.key).picture(noise, reading: best.reading, of: keys[best.key]) },
            orientation: isShown ? subject.orientation : .asStored, decoyAgreements: decoyAgreements,
            noiseLikeness: likeness)
    }

    private func verdict() -> Verdict {
        let best = score(trial.best)
        let (answer, findings) = decide()
        let stages = self.stages()
        return Verdict(
            path: subject.name, sha256: subject.sha256, bytes: subject.bytes, width: subject.image.width,
            height: subject.image.height, verdict: answer, key: best.key, pValue: best.pValue, log10P: best.log10P,
            cosine: best.cosine, statistic: statistic, payload: payload,
            noiseSketch: sketch(answer), startingNoise: startingNoise, dimension: best.dimension,
            nullImages: best.nullImages,
            hypotheses: trial.best.count, look: examination.index + 1, looks: examination.trials.map(result),
            looksPlanned: plan.attempts.count, placement: placement(), twoSided: settings.twoSided,
            fpr: settings.falsePositiveRate, decoyRank: decoyRank, decoys: decoyAgreements.count,
            reference: reference(), keysTried: keysTried, scores: scores(), stages: stages, model: model,
            calibration: calibrated.identity(trial.route, prompt: subject.prompt), findings: findings,
            seconds: stages.reduce(0) { $0 + $1.seconds }, tool: tool)
    }

    private func decide() -> (Verdict.Decision, [Verdict.Finding]) {
        // What a moved picture's noise looks like beside its borders nobody has measured.
        let isPicture = examination.noisiest.route.steps == 0 || examination.noisiest.isSearch
        let decision = Decision(
            isFound: examination.isDecided, matches: missed.map(\.match), keys: verifier.keys,
            prospects: verifier.prospects(examination, of: subject), rate: settings.falsePositiveRate,
            objection: isPicture ? nil : likeness.objection(settings.noiseLimits))
        var findings = decision.findings
        findings += subject.notes.map(Verdict.Finding.init)
        if examination.isDecided { findings += revocations() }
        findings += otherMessages()
        if let noise = startingNoise { findings += agreement(noise) }
        if let placement = placement() { findings.append(.pictureMoved(placement, in: subject)) }
        let left = plan.attempts.count - examination.trials.count
        if !examination.isDecided, left > 0 { findings.append(.lookedLess(left, of: plan.attempts.count)) }
        if subject.isResampled { findings.append(.resampled(subject, isWhole: trial.isSearch)) }
        if subject.orientation != .asStored { findings.append(orientation(decision)) }
        if trial.decoderOutcome.fellBack { findings.append(.fellBack(trial.decoderOutcome)) }
        if let outcome = trial.diffusionOutcome, outcome.fellBack { findings.append(.fellBack(outcome)) }
        if let finding = calibrated.finding(trial.route, prompt: subject.prompt) { findings.append(finding) }
        return (decision.answer, findings)
    }

    /// Whether the verdict rests on the picture as it is shown: the first half of the plan is for stored pixels.
    private var isShown: Bool { trial.attempt >= verifier.plan.attempts.count }

    /// What the file's orientation came to.
    private func orientation(_ decision: Decision) -> Verdict.Finding {
        .orientationTag(subject.orientation, foundAsShown: decision.answer == .watermarked ? isShown : nil)
    }

    /// Every key once: as the trial that the verdict rests on saw it, or the last plain one where it took no part in that.
    private var allMatches: [PricedMatch] {
        let own = trial.matches
        guard own.count < verifier.keys.count, let plain = examination.lastPlain else { return own }
        let known = Set(own.map(\.match.key))
        return own + examination.trials[plain].matches.filter { !known.contains($0.match.key) }
    }

    /// The keys that were not found. Of one that was, or of a bank one of whose keys was, nobody asks whether it could have
    /// been.
    private var missed: [PricedMatch] {
        let keys = verifier.keys
        let found = Set(allMatches.filter(isFound).map { keys.representative(of: $0.match.key) })
        return allMatches.filter { !isFound($0) && !found.contains(keys.representative(of: $0.match.key)) }
    }

    private func isFound(_ priced: PricedMatch) -> Bool {
        (priced.log10P ?? 1) <= log10(settings.falsePositiveRate)
    }

    private var decoyRank: Int? {
        decoyAgreements.isEmpty
            ? nil
            : DecoyKeys.rank(of: trial.best.match.agreement, among: decoyAgreements, twoSided: settings.twoSided)
    }

    /// All keys where they are few, else the best.
    private func scores() -> [Verdict.Score] {
        allMatches.prefix(keysTried == nil ? Verdict.mostScores : Verdict.fewScores).map(score)
    }

    /// How many keys there are where not all of them have scores.
    private var keysTried: Int? {
        verifier.keys.count > Verdict.mostScores || !verifier.keys.banks.isEmpty ? verifier.keys.count : nil
    }

    /// Of the keys that were found those that were revoked.
    private func revocations() -> [Verdict.Finding] {
        trial.matches.filter(isFound).compactMap { priced in
            let key = priced.match.key
            return verifier.keys.revocation(of: key).map {
                .keyRevoked(verifier.keys.identity(of: key).name, at: $0)
            }
        }
    }

    /// Of the keys whose stream carries another message in some trial.
    private func otherMessages() -> [Verdict.Finding] {
        var known: Set<Int> = []
        return examination.trials.flatMap(\.matches).compactMap { priced in
            guard let message = priced.match.otherMessage, known.insert(priced.match.key).inserted else { return nil }
            return .otherMessage(verifier.keys.identity(of: priced.match.key).name, message)
        }
    }

    private func score(_ priced: PricedMatch) -> Verdict.Score {
        let (match, log10P) = (priced.match, priced.log10P)
        let isExact = log10P != nil && match.nullImages == nil
        return Verdict.Score(
            key: verifier.keys.identity(of: match.key), pValue: log10P.map { min(1, pow(10, $0)) },
            log10P: log10P.map(Self.finite), cosine: isExact ? match.agreement : nil, dimension: match.dimension,
            nullImages: match.nullImages)
    }

    private func result(_ trial: Examination.Trial) -> Verdict.LookResult {
        let (match, log10P) = (trial.best.match, trial.best.log10P)
        return .init(
            decoderInversion: "\(trial.route.decoderInversion)", steps: trial.route.steps,
            autoencoder: trial.route.autoencoder, view: trial.viewName == PlainView().name ? nil : trial.viewName,
            search: match.sighting?.tier,
            key: verifier.keys.identity(of: match.key).id, log10P: log10P.map(Self.finite),
            cosine: log10P == nil || match.nullImages != nil ? nil : match.agreement)
    }

    /// Where the picture was found; nil where it was looked for in its own place.
    private func placement() -> Verdict.Placement? {
        let size = verifier.recovery.imageSize
        let stored = (width: subject.image.width, height: subject.image.height)
        let observed = ObservedFrame(
            subject.frames[plan.viewOfAttempt[trial.attempt]], verifier.recovery.latentShape)
        let picture = isShown ? subject.orientation.turned(stored.width, stored.height) : stored
        return trial.best.match.sighting.map {
            Verdict.Placement(
                $0.placement.turned(near: observed.middle), tier: $0.tier, frame: (size.width, size.height),
                picture: picture)
        }
    }

    /// JSON has no infinity; a p-value of 0 comes of an agreement of 1 alone.
    private static func finite(_ log10P: Double) -> Double { max(log10P, Verdict.log10PRange.lowerBound) }

    private func reference() -> Verdict.ReferenceScore {
        guard !trial.isSearch else {
            return .init(note: "the verdict rests on a moved picture, which the package loses")
        }
        guard trial.route.steps > 0 else {
            return .init(note: "the verdict rests on the clean latent, which the package does not use")
        }
        let key = trial.best.match.key
        let score = verifier.keys.reader(of: key).publishedScore(trial.noise, of: verifier.keys[key])
        guard let score else { return .init(note: "the scheme has no published score of this kind") }
        return .init(
            source: score.source == PublishedScore.treeRing ? nil : score.source, l1: score.distance,
            pValue: score.pValue, note: score.reason)
    }

    /// Nil for a cosine.
    private var statistic: String? {
        let statistic = verifier.keys.reader(of: trial.best.match.key).statistic
        return statistic == "cosine" ? nil : statistic
    }

    /// In the picture's own place.
    private var startingNoise: Verdict.StartingNoise? {
        guard !trial.isSearch else { return nil }
        return StartingNoise.best(
            of: settings.startingNoises, for: trial.noise, keys: verifier.keys, besides: trial.best.match.key)
    }

    private func agreement(_ noise: Verdict.StartingNoise) -> [Verdict.Finding] {
        if noise.log10P <= log10(settings.falsePositiveRate) { return [.sharesNoise(noise)] }
        let disagrees = examination.isDecided && noise.pValue > StartingNoise.disagreement
        return disagrees ? [.noiseDisagrees(noise, limit: StartingNoise.disagreement)] : []
    }

    /// Of a found key in its own place, which leaves some of the noise free.
    private func sketch(_ answer: Verdict.Decision) -> NoiseSketch? {
        guard answer == .watermarked, !trial.isSearch else { return nil }
        let key = trial.best.match.key
        return verifier.keys.free(trial.noise, besides: key, isEvened: true).map {
            NoiseSketch($0, family: verifier.keys[key].family, picture: subject.frames[0].pixels)
        }
    }

    /// What the found key's mark says.
    private var payload: MarkPayload? {
        guard examination.isDecided else { return nil }
        let (keys, best) = (verifier.keys, trial.best.match)
        return keys.reader(of: best.key).payload(best.reading, of: keys[best.key])
    }
}
