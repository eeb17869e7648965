import Images
import InputErrors
import RingkeyKit
import Verdicts
import Verification

/// Some images that are judged batch by batch, with progress.
struct ImageRun {
    /// Files, or `-`.
    let images: [String]
    /// One for each image; nil for none.
    var prompts: [String]?
    let detection: DetectionArguments
    /// Whether pictures are needed after they were judged.
    var keepsPictures = false
    let quiet: Bool

    /// Judges all of them; what cannot be read is reported.
    /// - Parameters:
    ///   - verifier: that judges.
    ///   - handle: takes each image's evidence, in order.
    /// - Returns: how the command ends.
    func judge(
        with verifier: Verifier, handle: (Verifier.Evidence, Subject) throws -> Void
    ) throws -> ExitStatus {
        var decisions: [Verdict.Decision] = []
        var failures = 0
        let planned = verifier.plan.attempts.count
        var progress = Progress("looks", total: planned * images.count, quiet: quiet)
        for start in stride(from: 0, to: images.count, by: detection.batch) {
            let range = start..<min(start + detection.batch, images.count)
            let subjects = subjects(range, verifier)
            failures += range.count - subjects.count
            if subjects.isEmpty { continue }
            let evidence = try verifier.judge(subjects) { made in
                progress.update(done: planned * range.lowerBound + range.count * min(made, planned))
            }
            // Results and the line may share a terminal.
            progress.finish()
            for (evidence, subject) in zip(evidence, subjects) {
                try handle(evidence, subject)
                decisions.append(evidence.verdict.verdict)
            }
        }
        return ExitStatus(decisions: decisions, failures: failures)
    }

    /// The images of a range that can be read; the others are reported.
    private func subjects(_ range: Range<Int>, _ verifier: Verifier) -> [Subject] {
        range.compactMap { index in
            do {
                var subject = try verifier.subject(
                    of: NamedImage(images[index]), limitMegapixels: detection.maxMegapixels, prompt: prompts?[index])
                if !keepsPictures { subject.dropPicture() }
                return subject
            } catch {
                let name = images[index] == "-" ? NamedImage.shown("-") : images[index]
                Diagnostics.error(InputError(name, refusedBy: error))
                return nil
            }
        }
    }
}
