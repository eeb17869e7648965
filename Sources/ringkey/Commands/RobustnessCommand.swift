import ArgumentParser
import Attacks
import Evaluation
import Files
import Foundation
import InputErrors
import RingkeyKit

/// `ringkey robustness`.
struct RobustnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "robustness",
        abstract: "Measure which image attacks the marks of keys survive.",
        discussion: """
            Makes marked and clean images (or uses yours), attacks both, audits them all, and reports how many are \
            found and how well marked and clean images are told apart, with one row per attack. With several keys the \
            images that are made carry them in turn, and all keys are looked for in each image.

            Examples:
              ringkey robustness --key my.key.json -n 50 -o study/
              ringkey robustness --key my.key.json -n 200 --attacks paper,jpeg:50,resize:50+jpeg:75 -o study/
              ringkey robustness --key my.key.json --marked ours/ --clean others/ -o study/

            An attack is NAME or NAME:STRENGTH; + joins several, which are applied in turn. \
            Attacks with their default strengths:
            \(table)
            Sets of attacks:
            \(sets)

            In the folder: marked/ and clean/ (if images were made), attacked/ATTACK/ (PNG: about 25 kB at \
            128 × 128 pixels, 0.4 MB at 512 × 512), labels.csv, results.jsonl, report.html, report.md, report.json. \
            The same command with --resume continues a stopped study.

            Exit codes: 0 all judged · 2 some failed, or an error · 64 usage
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder for images, results and report.", valueName: "dir"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Attacks and sets, comma-separated.", valueName: "list"))
    var attacks = "paper"

    @Option(name: .long, help: ArgumentHelp("Seed for images and attacks.", valueName: "n"))
    var seed: UInt64 = 1

    @Flag(name: .long, help: "Continue the study in the folder, or add images and attacks to it.")
    var resume = false

    @OptionGroup(title: "Images") var images: StudyImageArguments
    @OptionGroup(title: "Detection") var detection: DetectionArguments
    @OptionGroup(title: "Looks and inversion") var looks: LookArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    @Flag(name: .long, help: "No progress or notes on stderr, only errors.")
    var quiet = false

    private static var table: String {
        Distortion.Kind.allCases.map { kind in
            "  " + kind.help.spelling.padding(toLength: 16, withPad: " ", startingAt: 0) + kind.help.meaning
        }.joined(separator: "\n")
    }

    private static var sets: String {
        AttackSet.allCases.map { "  \($0.rawValue): \($0.spellings.joined(separator: ", "))" }.joined(separator: "\n")
    }

    func validate() throws {
        if quiet { PreparationStatus.silence() }
        do {
            _ = try Attack.list(parsing: attacks)
        } catch let error as InputError {
            throw ValidationError("--attacks: \(error.subject): expected \(error.expected), found \(error.found)")
        }
    }

    func run() throws {
        let request = RobustnessStudy.Request(
            folder: output, count: images.count, images: try images.images(),
            attacks: try Attack.list(parsing: attacks),
            seed: seed, resumes: resume, detection: detection.request, recovery: try looks.request(model.options),
            command: ProgramArguments.shown)
        let keys = try detection.keys(quiet: quiet)
        let study = try RobustnessStudy(request, keys: keys.keys, banks: keys.banks, model: model.open())
        let made = try makeImages(study)
        let attacked = try study.attacks(marked: made.marked, clean: made.clean)
        try attack(attacked, study)
        let session = try study.audit(attacked)
        let run = AuditRun(
            session: session, output: study.file("results.jsonl"), quiet: quiet,
            resumption: ProgramArguments.all + (resume ? [] : ["--resume"]))
        let isComplete = try run.judge()
        try StandardOutput.write(lines: study.writeReport().summary.counts.text)
        if !isComplete { throw ExitStatus.error }
    }

    private func makeImages(_ study: RobustnessStudy) throws -> (marked: [String], clean: [String]) {
        var progress: Progress?
        let images = try study.images { done, total in
            if progress == nil { progress = Progress("make images", total: total, quiet: quiet) }
            progress?.update(done: done)
        }
        progress?.finish()
        return images
    }

    private func attack(_ attacked: AttackStudy, _ study: RobustnessStudy) throws {
        var progress = Progress("attack images", total: attacked.items.count, quiet: quiet)
        let made = try attacked.makeImages { progress.update(done: $0) }
        progress.finish()
        guard !quiet, made.count > 0 else { return }
        let size = String(format: "%.1f MB", Double(made.bytes) / 1e6)
        Diagnostics.note("\(made.count) attacked images, \(size), in \(Printable.name(study.file("attacked")))")
    }
}
