import Verdicts

extension VerdictWriter {
    /// What was done to the image, in order, in the verdict's words.
    func stages() -> [Verdict.Stage] {
        let preparing = Verdict.Stage(
            stage: .preprocessing, method: subject.isResampled ? "decoded, resized, cropped" : "decoded",
            seconds: subject.seconds)
        let encoding = Verdict.Stage(stage: .encoding, method: "encoder's mode", seconds: encodingSeconds)
        let detection = Verdict.Stage(
            stage: .detection, method: "cosine with the key", seconds: detectionSeconds)
        return [preparing, encoding] + examination.trials.flatMap(stages) + [detection]
    }

    private func stages(_ trial: Examination.Trial) -> [Verdict.Stage] {
        var stages: [Verdict.Stage] = []
        if let seconds = trial.decoderSeconds {
            let outcome = trial.decoderOutcome
            stages.append(
                Verdict.Stage(
                    stage: .decoderInversion,
                    method: "\(trial.route.decoderInversion) (\(outcome.ending.rawValue))",
                    steps: outcome.evaluations, residual: outcome.residual, seconds: seconds))
        }
        if let seconds = trial.diffusionSeconds {
            let residual = trial.diffusionOutcome?.residual
            stages.append(
                Verdict.Stage(
                    stage: .diffusionInversion, method: diffusion(trial), steps: trial.route.steps,
                    residual: residual.flatMap { $0.isFinite ? $0 : nil }, seconds: seconds))
        }
        return stages
    }

    private func diffusion(_ trial: Examination.Trial) -> String {
        let recovery = verifier.recovery
        let known = subject.prompt ?? recovery.settings.prompt
        let prompt = known.isEmpty ? "empty prompt" : "prompt \"\(known)\""
        let calls = trial.diffusionOutcome.map { ", \($0.modelCalls) calls" } ?? ""
        let text = "\(recovery.settings.inverse.rawValue) \(recovery.solver) inversion"
        return "\(text), \(prompt), guidance \(recovery.settings.guidance)\(calls)"
    }
}
