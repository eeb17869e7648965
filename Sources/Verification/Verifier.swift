import Attempts
import Foundation
import InputErrors
import Marks
import Models
import NullModels
import Pictures
import Registration
import Tensors
import Verdicts

/// Decides whether images carry the mark of one of several keys.
///
/// The attempts of its plan are made in order, the cheapest first. An image is done at the first attempt whose p-value,
/// multiplied by its hypotheses, is at or below the requested rate, or where nothing seen so far promises a later find
/// (`EarlyAbsence`); the others move on together to the next. An image whose
/// file carries an orientation is judged as it is stored and then as it is shown (`Plan.tryingBoth`).
public struct Verifier: Sendable {
    /// How evidence becomes a verdict.
    public struct Settings: Sendable {
        /// The requested false-positive rate, in (0, 1).
        public var falsePositiveRate: Double
        /// Whether a match of opposite sign counts too.
        public var twoSided: Bool
        /// Decoy keys to rank the key against; 0 for none.
        public var decoys: Int
        /// Whether to continue after an attempt has decided, for studies.
        public var makesAllAttempts: Bool
        /// When an image is given up before all attempts were made; nil for never.
        public var earlyAbsence: EarlyAbsence?
        /// What counts as noise-like.
        public var noiseLimits: NoiseLikeness.Limits
        /// Noise that images may have started from.
        public var startingNoises: [StartingNoise]

        /// Settings; by default one in a million, one-sided, ten thousand decoys.
        public init(
            falsePositiveRate: Double = 1e-6, twoSided: Bool = false, decoys: Int = DecoyKeys.standardCount,
            makesAllAttempts: Bool = false, earlyAbsence: EarlyAbsence? = nil,
            noiseLimits: NoiseLikeness.Limits = .standard, startingNoises: [StartingNoise] = []
        ) {
            precondition(
                falsePositiveRate > 0 && falsePositiveRate < 1, "a false-positive rate of \(falsePositiveRate)")
            self.falsePositiveRate = falsePositiveRate
            self.twoSided = twoSided
            self.decoys = decoys
            self.makesAllAttempts = makesAllAttempts
            self.earlyAbsence = earlyAbsence
            self.noiseLimits = noiseLimits
            self.startingNoises = startingNoises
        }
    }

    /// A verdict and what it rests on, for pictures.
    public struct Evidence: Sendable {
        /// The verdict.
        public let verdict: Verdict
        /// What can be drawn of the mark; nil where its scheme has no picture.
        public let picture: @Sendable () -> MarkPicture?
        /// How the picture was turned that the verdict rests on.
        public let orientation: Orientation
        /// The agreement of each decoy with the reading.
        public let decoyAgreements: [Float]
        /// Figures of the recovered noise.
        public let noiseLikeness: NoiseLikeness
    }

    /// How noise is recovered.
    public let recovery: NoiseRecovery
    /// What is tried, in order.
    public let plan: Plan
    /// What is looked for.
    public let keys: KeySet
    /// How evidence becomes a verdict.
    public let settings: Settings
    /// What the model's unmarked images have in common; nil where that was not learnt.
    public let calibration: Calibration?
    let calibrated: CalibratedPlan
    private let model: @Sendable () throws -> ModelIdentity
    private let tool: String
    private let decoys: DecoyStore

    /// - Parameters:
    ///   - recovery: how images are taken back to noise.
    ///   - plan: of routes that the recovery was made for.
    ///   - keys: what is looked for.
    ///   - settings: how evidence becomes a verdict.
    ///   - tool: name and version, for the verdict.
    ///   - calibration: of this model.
    ///   - model: asked once a batch, so that a digest may be computed meanwhile.
    /// - Throws: `InputError` for keys or a calibration of another latent shape than the model's.
    public init(
        recovery: NoiseRecovery, plan: Plan, keys: KeySet, settings: Settings, tool: String,
        calibration: Calibration? = nil, model: @escaping @Sendable () throws -> ModelIdentity
    ) throws {
        precondition(
            keys.isSearched || !plan.attempts.contains { $0.isSearch }, "a plan with searches for keys without any")
        guard keys.latentShape == recovery.latentShape else {
            throw InputError(
                "key \(keys.absentee(of: 0).name)", expected: "a key for the model's latents, \(recovery.latentShape)",
                found: "\(keys.latentShape)", as: .keyMismatch)
        }
        calibrated = try CalibratedPlan(calibration, recovery: recovery)
        self.recovery = recovery
        self.plan = plan
        self.keys = keys
        self.calibration = calibration
        self.settings = settings
        decoys = DecoyStore(count: settings.decoys)
        self.model = model
        self.tool = tool
    }

    /// Judges a batch of images.
    /// - Parameters:
    ///   - subjects: with the views of the plan that tries both orientations of each.
    ///   - observe: told before each attempt how many were made.
    public func judge(
        _ subjects: [Subject], observe: (_ made: Int) -> Void = { _ in }
    ) throws -> [Evidence] {
        let plans = subjects.map { plan.tryingBoth($0.orientation) }
        for (subject, plan) in zip(subjects, plans) {
            precondition(
                subject.frames.count == plan.views.count,
                "\(subject.frames.count) views of a subject whose plan has \(plan.views.count)")
        }
        var views = EncodedViews(subjects, recovery: recovery)
        var examinations = subjects.map { _ in Examination(falsePositiveRate: settings.falsePositiveRate) }
        for attempt in 0..<(plans.map(\.attempts.count).max() ?? 0) {
            let open = subjects.indices.filter {
                attempt < plans[$0].attempts.count
                    && (settings.makesAllAttempts || !isDone(examinations[$0], subjects[$0]))
            }
            if open.isEmpty { break }
            observe(attempt)
            try make(attempt, at: open, of: subjects, plans, &views, &examinations)
        }
        let clock = StageClock()
        let agreements = decoyAgreements(examinations)
        let likeness = try examinations.map { try NoiseLikeness($0.noisiest.noise) }
        let detectionSeconds = clock.seconds / Double(subjects.count)
        let model = try self.model()
        try calibrated.requireModel(model)
        return subjects.indices.map { index in
            VerdictWriter(
                subject: subjects[index], examination: examinations[index], verifier: self, calibrated: calibrated,
                likeness: likeness[index], decoyAgreements: agreements[index], model: model,
                encodingSeconds: views.encodingSeconds(of: index), detectionSeconds: detectionSeconds, tool: tool
            ).evidence()
        }
    }

    /// Makes one attempt at the images that are still open. Their plans differ in the orientation alone: the attempt has
    /// the same route, and its view the same place, in all of them.
    private func make(
        _ attempt: Int, at open: [Int], of subjects: [Subject], _ plans: [Plan], _ views: inout EncodedViews,
        _ examinations: inout [Examination]
    ) throws {
        let (planned, view) = (plans[open[0]].attempts[attempt], plans[open[0]].viewOfAttempt[attempt])
        let recovered = try views.recover(open, view: view, by: planned.route)
        let filtered = zip(open, recovered).map { item, recovered in
            calibrated.null(planned.route, prompt: subjects[item].prompt)?.filtered(recovered.noise) ?? recovered.noise
        }
        let matches: [[Match]]
        if planned.isSearch {
            matches = try keys.search(
                zip(open, filtered).map { item, noise in
                    let frame = subjects[item].frames[plans[item].viewOfAttempt[attempt]]
                    return (noise, ObservedFrame(frame, recovery.latentShape))
                }, twoSided: settings.twoSided)
        } else {
            matches = try keys.match(filtered, twoSided: settings.twoSided)
        }
        for ((item, recovered), matches) in zip(zip(open, recovered), matches) {
            examinations[item].add(
                Examination.Trial(
                    attempt: attempt, route: planned.route, viewName: plans[item].attempts[attempt].view.name,
                    isSearch: planned.isSearch, noise: recovered.noise,
                    matches: try priced(matches, recovered.noise, of: subjects[item], at: attempt, of: plans[item]),
                    keys: keys.count,
                    decoderOutcome: recovered.decoderOutcome, diffusionOutcome: recovered.diffusionOutcome,
                    decoderSeconds: recovered.decoderSeconds, diffusionSeconds: recovered.diffusionSeconds))
        }
    }

    /// The matches of an attempt at one image with their prices, the best first. A key that was found goes before the pilot of
    /// its ring, which tells less.
    /// - Parameters:
    ///   - matches: of the keys that take part.
    ///   - noise: as it was recovered.
    private func priced(
        _ matches: [Match], _ noise: Tensor, of subject: Subject, at attempt: Int, of plan: Plan
    ) throws -> [PricedMatch] {
        let own = plan.attempts[attempt]
        var matches = matches
        // Unmarked images were scored where marks are put, each as its file has it.
        if !own.isSearch {
            matches = try matches.map {
                try calibrated.conformal($0, of: keys, noise, own.route, prompt: subject.prompt)
            }
        }
        let priced = matches.map { match in
            PricedMatch(
                match,
                planned: plan.hypotheses(
                    attempt: attempt, keys: keys.count, isSearched: keys.isSearched(match.key)))
        }.sorted { $0.isBetter(than: $1) }
        let log10Rate = log10(settings.falsePositiveRate)
        let found = priced.filter { !keys.isPilot($0.match.key) && ($0.log10P ?? 1) <= log10Rate }
        return found.isEmpty
            ? priced : found + priced.filter { match in !found.contains { $0.match.key == match.match.key } }
    }

    /// The decoys of each image's verdict.
    private func decoyAgreements(_ examinations: [Examination]) -> [[Float]] {
        var result = [[Float]](repeating: [], count: examinations.count)
        guard settings.decoys > 0 else { return result }
        let best = examinations.map(\.trial.best.match)
        // A place that was searched for fits the key better than the decoys whatever the image.
        let random = best.indices.filter {
            best[$0].logPValue != nil && best[$0].nullImages == nil && best[$0].sighting == nil
                && keys.reader(of: best[$0].key).hasNormalKeys
        }
        for (dimension, group) in Dictionary(grouping: random, by: { best[$0].dimension }) {
            let cosines = decoys.decoys(dimension: dimension).cosines(group.map { best[$0].reading })
            for (item, own) in zip(group, cosines) { result[item] = own }
        }
        return result
    }
}
