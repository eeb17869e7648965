import Attempts
import NullModels
import Tensors

extension Verifier {
    /// Whether no further attempt is made at an image: a key was found, or nothing promises a find, and the absence of every
    /// key can be told from the attempts that were made.
    func isDone(_ examination: Examination, _ subject: Subject) -> Bool {
        if examination.isDecided { return true }
        guard let limits = settings.earlyAbsence, examination.isHopeless(limits), let plain = examination.lastPlain
        else { return false }
        // What shows little of a picture is looked at in full: its noise tells more than what was not found.
        if subject.showsLittle || isSmooth(examination.trials[0].noise) { return false }
        // Of a picture that may be meant to be turned both orientations are looked at, the shown one in the second half.
        if subject.orientation != .asStored, examination.trials[plain].attempt < plan.attempts.count { return false }
        let decision = Decision(
            isFound: false, matches: examination.trials[plain].matches.map(\.match), keys: keys,
            prospects: prospects(examination, of: subject), rate: settings.falsePositiveRate, objection: nil)
        return decision.answer == .notWatermarked
    }

    /// What the plain attempts that were made could have found. A two-sided exact p-value is twice the one-sided one.
    func prospects(_ examination: Examination, of subject: Subject) -> [Decision.Prospect] {
        let plan = self.plan.tryingBoth(subject.orientation)
        return examination.trials.filter { !$0.isSearch }.map { trial in
            .init(
                hypotheses: { key in
                    let sides: Double = settings.twoSided && keys[key].isRandom ? 2 : 1
                    return sides
                        * plan.hypotheses(
                            attempt: trial.attempt, keys: keys.count, isSearched: keys.isSearched(key))
                },
                signalToNoise: { key in
                    calibrated.signalToNoise(key, of: keys, trial.route, prompt: subject.prompt)
                })
        }
    }

    /// Whether a clean latent is smoother than any picture of the sample model (at most 0.8) or its photographs.
    private func isSmooth(_ latent: Tensor) -> Bool {
        (try? NoiseLikeness(latent)).map { $0.neighbourCorrelation > 0.9 } ?? true
    }
}

extension Subject {
    /// Whether the picture is tiny or nearly of one colour.
    fileprivate var showsLittle: Bool {
        min(image.width, image.height) < 32 || frames[0].pixels.standardDeviation < 0.05
    }
}
